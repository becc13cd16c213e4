/* What commands that make a package say about it. */
#ifndef HF_CLI_PACKAGE_MADE_H
#define HF_CLI_PACKAGE_MADE_H

#include "cli/cli.h"

/* Opens the package in `into` and prints what it holds and where it is. */
hf_err hf_package_made(hf_cli *cli, const char *into);

#endif

#include "cli/cli.h"

int main(int argc, char **argv)
{
    return (int)hf_cli_main(argc, argv);
}

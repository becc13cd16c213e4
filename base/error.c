#include "base/error.h"

const char *hf_err_text(hf_err err)
{
    switch (err) {
    case HF_OK:
        return "ok";
#define HF_ERR(name, number, text)                                                                                                         \
    case HF_E_##name:                                                                                                                      \
        return text;
#include "base/errors.def"
#undef HF_ERR
    }
    return "unknown error";
}

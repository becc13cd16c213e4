/* The strict JSON reader: what cJSON lets pass is refused, with its place. */
#include "datasets/doc.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/scratch.h"
#include "tests/tap.h"

static void check_refused(const char *text, size_t length, const char *finding)
{
    hf_diag *diag = NULL;
    hf_doc *json = NULL;
    if (hf_diag_new(&diag) != HF_OK) abort();
    CHECK_INT(hf_doc_parse("j.json", text, length, diag, &json), HF_E_DATA);
    char *findings = findings_text(diag);
    CHECK_STR(findings, finding);
    free(findings);
    hf_doc_free(json);
    hf_diag_free(diag);
}

static void refused(const char *text, const char *finding)
{
    check_refused(text, strlen(text), finding);
}

static void faults_are_refused(void)
{
    refused("", "error j.json:1:1: the file ends where a value was expected\n");
    refused("{\"a\": 1", "error j.json:1:8: the file ends inside an object\n");
    refused("[1, 2", "error j.json:1:6: the file ends inside an array\n");
    refused("{\"a\": [1, {\"b\": \"x", "error j.json:1:17: a text that is opened here is never closed\n");
    refused("{} {}", "error j.json:1:4: text after the end of the document\n");
    refused("{\"a\": 1,\n \"a\": 2}", "error j.json:2:2: this key is there twice\n");
    refused("[1e999]", "error j.json:1:2: a number beyond the range of a double\n");
    refused("[NaN]", "error j.json:1:2: a value was expected here\n");
    refused("[01]", "error j.json:1:2: a number must not start with 0\n");
    refused("[1.]", "error j.json:1:2: digits must follow the point of a number\n");
    refused("[1,]", "error j.json:1:4: a value was expected here\n");
    refused("{\"a\" 1}", "error j.json:1:6: a colon was expected here\n");
    refused("{a: 1}", "error j.json:1:2: a key in quotes was expected here\n");
    refused("[\"\\ud800\"]", "error j.json:1:3: half of a surrogate pair\n");
    refused("[\"\\x\"]", "error j.json:1:3: an unknown escape inside a text\n");
    refused("[\"a\tb\"]", "error j.json:1:4: a control character inside a text (write \\n, \\t …)\n");
    refused("[\"\xFF\"]", "error j.json:1:3: invalid UTF-8 (save the file as UTF-8)\n");
    check_refused("[1]\0", 4, "error j.json:1:4: a NUL byte: this is not a text file\n");
}

static void depth_is_limited(void)
{
    char text[400] = "";
    memset(text, '[', 100);
    memset(text + 100, ']', 100);
    refused(text, "error j.json:1:65: more than 64 levels\n");
}

static void values_have_places(void)
{
    const char *text = "\xEF\xBB\xBF{\"name\": \"\\u0416\",\n  \"list\": [1, {\"x\": 2.5}, null],\n  \"flag\": true}";
    hf_diag *diag = NULL;
    hf_doc *json = NULL;
    int line = 0, column = 0;
    if (hf_diag_new(&diag) != HF_OK) abort();
    CHECK_INT(hf_doc_parse("j.json", text, strlen(text), diag, &json), HF_OK);
    const cJSON *root = hf_doc_root(json), *list = hf_doc_array(json, diag, root, "list"), *inner = cJSON_GetArrayItem(list, 1);
    CHECK_STR(hf_doc_text(json, diag, root, "name", ""), "Ж");
    CHECK_STR(hf_doc_text(json, diag, root, "absent", "fallback"), "fallback");
    CHECK_NEAR(hf_doc_number(json, diag, inner, "x", 0), 2.5, 0);
    hf_doc_at(json, hf_doc_member(inner, "x"), &line, &column);
    CHECK_INT(line, 2);
    CHECK_INT(column, 21);
    CHECK_NEAR(hf_doc_number(json, diag, root, "flag", 7), 7, 0);
    char *findings = findings_text(diag);
    CHECK_STR(findings, "error j.json:3:11: \"flag\" must be a number\n");
    free(findings);
    hf_doc_free(json);
    hf_diag_free(diag);
}

int main(void)
{
    RUN(faults_are_refused);
    RUN(depth_is_limited);
    RUN(values_have_places);
    return tap_done();
}

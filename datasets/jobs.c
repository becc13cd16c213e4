#include "datasets/jobs.h"

#include <cjson/cJSON.h>
#include <glob.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "datasets/doc.h"
#include "datasets/files.h"

typedef struct context {
    const hf_doc *json;
    const char *file;
    hf_arena *memory;
    hf_diag *diag;
} context;

static hf_err copy(const context *c, const char *text, const char **ret_copy)
{
    *ret_copy = hf_arena_strndup(c->memory, text, strlen(text));
    return *ret_copy ? HF_OK : HF_E_NOMEM;
}

/* A list of texts; `what` says what they are. */
static hf_err texts_read(const context *c, const cJSON *list, const char *what, hf_job_names *to)
{
    const cJSON *item = NULL;
    hf_err err = HF_OK;
    to->name = hf_arena_calloc(c->memory, (size_t)cJSON_GetArraySize(list) + 1, sizeof *to->name);
    if (!to->name) return HF_E_NOMEM;
    cJSON_ArrayForEach(item, list)
    {
        if (!cJSON_IsString(item) || !*item->valuestring) hf_doc_error(c->json, c->diag, item, HF_E_RANGE, "%s must be a text", what);
        else HF_TRY(copy(c, item->valuestring, &to->name[to->n++]));
    }
out:
    return err;
}

/* A list of names, or "all". */
static hf_err names_read(const context *c, const cJSON *object, const char *member, const char *what, hf_job_names *to)
{
    const cJSON *value = hf_doc_member(object, member);
    if (cJSON_IsString(value) && strcmp(value->valuestring, "all") == 0) {
        to->all = true;
        return HF_OK;
    }
    if (value && !cJSON_IsArray(value)) hf_doc_error(c->json, c->diag, value, HF_E_RANGE, "\"%s\" must be an array of names, or \"all\"", member);
    return cJSON_IsArray(value) ? texts_read(c, value, what, to) : HF_OK;
}

static hf_err fails_read(const context *c, const cJSON *object, hf_job *job)
{
    const cJSON *list = hf_doc_array(c->json, c->diag, object, "fail"), *item = NULL;
    hf_err err = HF_OK;
    job->fails = hf_arena_calloc(c->memory, (size_t)cJSON_GetArraySize(list) + 1, sizeof *job->fails);
    if (!job->fails) return HF_E_NOMEM;
    cJSON_ArrayForEach(item, list)
    {
        if (cJSON_IsArray(item) && cJSON_GetArraySize(item) > 0) HF_TRY(texts_read(c, item, "what fails", &job->fails[job->n_fails++]));
        else hf_doc_error(c->json, c->diag, item, HF_E_RANGE, "each of \"fail\" must be an array of ids or filters that fail together");
    }
out:
    return err;
}

static bool holds(const hf_job *job, const char *path)
{
    for (int k = 0; k < job->n_data; k++)
        if (strcmp(job->data[k], path) == 0) return true;
    return false;
}

/* What a pattern means besides other files in a folder: folders and archives. */
static bool may_be_data(const char *path)
{
    struct stat status;
    size_t n = strlen(path);
    return (n > 4 && strcmp(path + n - 4, ".zip") == 0) || (stat(path, &status) == 0 && S_ISDIR(status.st_mode));
}

/* The data sets that a pattern names, from the folder of the file on. */
static hf_err pattern_expand(const context *c, const cJSON *item, hf_job *job, size_t *capacity)
{
    const char *slash = strrchr(c->file, '/');
    hf_buf pattern = {0};
    glob_t found = {0};
    hf_err err = HF_OK;
    if (*item->valuestring != '/' && slash) hf_buf_add(&pattern, c->file, (size_t)(slash + 1 - c->file));
    hf_buf_puts(&pattern, item->valuestring);
    HF_TRY(pattern.err);
    int rc = glob(pattern.text, 0, NULL, &found);
    if (rc == GLOB_NOSPACE) HF_TRY(HF_E_NOMEM);
    if (rc != 0) hf_doc_error(c->json, c->diag, item, HF_E_NOT_FOUND, "no data set \"%.200s\" (looked for %.400s)", item->valuestring, pattern.text);
    for (size_t k = 0; rc == 0 && k < found.gl_pathc; k++) {
        if (holds(job, found.gl_pathv[k]) || (strpbrk(item->valuestring, "*?[") && !may_be_data(found.gl_pathv[k]))) continue;
        HF_TRY(hf_grow((void **)&job->data, capacity, (size_t)job->n_data + 1, sizeof *job->data));
        HF_TRY(copy(c, found.gl_pathv[k], &job->data[job->n_data]));
        job->n_data++;
    }
out:
    if (found.gl_pathv) globfree(&found);
    hf_buf_done(&pattern);
    return err;
}

static hf_err data_read(const context *c, const cJSON *object, hf_job *job)
{
    const cJSON *list = hf_doc_array(c->json, c->diag, object, "data"), *item = NULL;
    size_t capacity = 0;
    hf_err err = HF_OK;
    if (!list || cJSON_GetArraySize(list) == 0) hf_doc_error(c->json, c->diag, object, HF_E_MISSING, "a job without \"data\" (an array of data sets)");
    cJSON_ArrayForEach(item, list)
    {
        if (!cJSON_IsString(item) || !*item->valuestring) hf_doc_error(c->json, c->diag, item, HF_E_RANGE, "a data set must be a path");
        else HF_TRY(pattern_expand(c, item, job, &capacity));
    }
    if (job->n_data > 0) {
        const char **kept = hf_arena_calloc(c->memory, (size_t)job->n_data, sizeof *kept);
        if (!kept) HF_TRY(HF_E_NOMEM);
        memcpy(kept, job->data, (size_t)job->n_data * sizeof *kept);
        hf_free(job->data);
        job->data = kept;
        return HF_OK;
    }
out:
    hf_free(job->data);
    job->data = NULL;
    job->n_data = 0;
    return err;
}

static void options_read(const context *c, const cJSON *object, hf_job *job)
{
    job->horizon_h = hf_doc_number(c->json, c->diag, object, "horizon_h", NAN);
    job->out_below = hf_doc_number(c->json, c->diag, object, "out_below", 0.5);
    job->no_repair = hf_doc_flag(c->json, c->diag, object, "no_repair");
    if (job->horizon_h <= 0)
        hf_doc_error(c->json, c->diag, hf_doc_member(object, "horizon_h"), HF_E_RANGE, "horizon_h %g is out of range (allowed: above 0 h)", job->horizon_h);
    if (!(job->out_below > 0 && job->out_below <= 1))
        hf_doc_error(c->json, c->diag, hf_doc_member(object, "out_below"), HF_E_RANGE, "out_below %g is out of range (allowed: above 0 to 1)", job->out_below);
}

static void analysis_read(const context *c, const cJSON *object, hf_job *job)
{
    const char *text = hf_doc_text(c->json, c->diag, object, "analysis", NULL);
    bool whats = job->scenarios.all || job->scenarios.n > 0 || job->hazards.all || job->hazards.n > 0 || job->n_fails > 0;
    if (!text) hf_doc_error(c->json, c->diag, object, HF_E_MISSING, "a job without \"analysis\" (cascade or singles)");
    else if (strcmp(text, "singles") == 0) job->analysis = HF_JOB_SINGLES;
    else if (strcmp(text, "cascade") != 0)
        hf_doc_error(c->json, c->diag, hf_doc_member(object, "analysis"), HF_E_RANGE, "analysis \"%.40s\" is unknown (allowed: cascade singles)", text);
    else if (!whats) hf_doc_error(c->json, c->diag, object, HF_E_MISSING, "a cascade without \"scenarios\", \"hazards\" or \"fail\"");
    if (job->analysis == HF_JOB_SINGLES && whats)
        hf_doc_error(c->json, c->diag, object, HF_E_RANGE, "singles fail every entity alone: without \"scenarios\", \"hazards\" and \"fail\"");
}

static hf_err job_read(const context *c, const cJSON *object, hf_job *job)
{
    static const char *const known[] = {"job", "data", "analysis", "scenarios", "hazards", "fail", "horizon_h", "no_repair", "out_below", NULL};
    hf_err err = HF_OK;
    *job = (hf_job){.name = ""};
    if (!cJSON_IsObject(object)) {
        hf_doc_error(c->json, c->diag, object, HF_E_RANGE, "a job must be an object");
        return HF_OK;
    }
    hf_doc_members_check(c->json, c->diag, object, known, HF_ERROR);
    HF_TRY(copy(c, hf_doc_text(c->json, c->diag, object, "job", ""), &job->name));
    if (!*job->name) hf_doc_error(c->json, c->diag, object, HF_E_MISSING, "a job without \"job\" (its name)");
    HF_TRY(data_read(c, object, job));
    HF_TRY(names_read(c, object, "scenarios", "a scenario", &job->scenarios));
    HF_TRY(names_read(c, object, "hazards", "a hazard", &job->hazards));
    HF_TRY(fails_read(c, object, job));
    options_read(c, object, job);
    analysis_read(c, object, job);
out:
    return err;
}

static hf_err jobs_list(const context *c, hf_job **ret_jobs, int *ret_n)
{
    static const char *const known[] = {"jobs", NULL};
    const cJSON *root = hf_doc_root(c->json), *item = NULL, *list = NULL;
    hf_err err = HF_OK;
    if (cJSON_IsObject(root)) {
        hf_doc_members_check(c->json, c->diag, root, known, HF_ERROR);
        list = hf_doc_array(c->json, c->diag, root, "jobs");
    }
    if (!list || cJSON_GetArraySize(list) == 0) hf_doc_error(c->json, c->diag, root, HF_E_MISSING, "an object with \"jobs\", an array, was expected");
    hf_job *jobs = hf_arena_calloc(c->memory, (size_t)cJSON_GetArraySize(list) + 1, sizeof *jobs);
    if (!jobs) return HF_E_NOMEM;
    cJSON_ArrayForEach(item, list)
    {
        HF_TRY(job_read(c, item, &jobs[*ret_n]));
        for (int k = 0; k < *ret_n; k++)
            if (strcmp(jobs[k].name, jobs[*ret_n].name) == 0 && *jobs[k].name)
                hf_doc_error(c->json, c->diag, item, HF_E_DUPLICATE, "job \"%.60s\" is there twice", jobs[k].name);
        (*ret_n)++;
    }
    *ret_jobs = jobs;
out:
    return err;
}

hf_err hf_jobs_read(const char *file, hf_arena *memory, hf_diag *diag, hf_job **ret_jobs, int *ret_n)
{
    char *bytes = NULL;
    size_t length = 0, before = hf_diag_count(diag, HF_ERROR);
    hf_doc *json = NULL;
    hf_err err;
    *ret_jobs = NULL;
    *ret_n = 0;
    HF_TRY(hf_files_text(file, diag, &bytes, &length));
    HF_TRY(hf_doc_parse(file, bytes, length, diag, &json));
    const context c = {json, file, memory, diag};
    HF_TRY(jobs_list(&c, ret_jobs, ret_n));
    if (hf_diag_count(diag, HF_ERROR) > before) err = HF_E_DATA;
out:
    hf_doc_free(json);
    hf_free(bytes);
    return err;
}

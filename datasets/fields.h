/* One field table per resource. It drives validation, the wording of errors, the JSON Schema and the manual page. */
#ifndef HF_DATASETS_FIELDS_H
#define HF_DATASETS_FIELDS_H

/* The sectors of the annex of Directive (EU) 2022/2557, as the tables write them. */
#define HF_SECTORS \
    "energy|transport|banking|financial_market|health|drinking_water|waste_water|digital|administration|space|food"

/* The same as a list of texts, in the same order. */
#define HF_SECTOR_NAMES                                                                                                                    \
    "energy", "transport", "banking", "financial_market", "health", "drinking_water", "waste_water", "digital", "administration", "space", "food"

typedef enum hf_field_type {
    HF_FIELD_ID,      /* text without blanks at its ends, not empty */
    HF_FIELD_TEXT,
    HF_FIELD_NUMBER,  /* finite decimal */
    HF_FIELD_INTEGER,
    HF_FIELD_SHARE,   /* number, or 1/k */
    HF_FIELD_YES_NO,  /* yes, no (true, false, 1, 0 understood) */
    HF_FIELD_CHOICE,  /* one of `choices` */
    HF_FIELD_CURVE,   /* "12:1" or "1:0.3 24:0.8" */
    HF_FIELD_RATE,    /* number > 0 or "inf" */
    HF_FIELD_COUNTRY, /* ISO 3166-1 alpha-2, aliases understood and reported */
} hf_field_type;

typedef struct hf_field {
    const char *name;
    hf_field_type type;
    int required;             /* column must exist and cells must not be empty */
    double min, max;          /* allowed range for numbers; -INFINITY, INFINITY where open */
    const char *unit;         /* "h", "EUR/h", "degrees" … or "" */
    const char *choices;      /* "physical|cyber|geographic|logical" for HF_FIELD_CHOICE, else "" */
    const char *fallback;     /* what an empty cell means, in words or as a value: "1", "none" … */
    const char *refers_to;    /* "entities.id" … or "" */
    const char *meaning;      /* one line for the manual */
} hf_field;

typedef struct hf_resource {
    const char *name;    /* "entities" */
    const char *row;     /* what one row is */
    const char *key;     /* columns that must be unique together, "entity,requirement" */
    const hf_field *fields;
    int n_fields;
    int required;
} hf_resource;

/* All resources in the order they are documented. */
extern const hf_resource hf_resources[];
extern const int hf_resource_count;

const hf_resource *hf_resource_find(const char *name);

#endif

/* Footprints of hazards: areas with an intensity (footprints.geojson) and fragility curves (fragility.csv) give the damage of the entities inside.
 *
 * A feature has the properties "hazard" and "intensity" (the unit of the curves) and a Polygon, a MultiPolygon, or a Point with "radius_km". The
 * probability that an entity is damaged is Phi(ln(intensity / median) / beta), the lognormal curve of HAZUS and SYNER-G, with the first row of
 * fragility that fits its hazard, sector and subsector; where several areas of a hazard hold an entity the highest intensity counts. A row of
 * hazard_damage for the same hazard and entity goes before. */
#ifndef HF_DATASETS_FOOTPRINTS_H
#define HF_DATASETS_FOOTPRINTS_H

#include "datasets/doc.h"
#include "datasets/table.h"
#include "model/network/builder.h"

/* Adds the damage rows of the footprints to a builder that has the entities and hazards. `damage` (may be NULL) is the table hazard_damage.
 * Faults are findings; HF_E_NOMEM. O(areas x entities). */
hf_err hf_footprints_add(const hf_doc *json, const hf_table *fragility, const hf_table *entities, const hf_table *damage, hf_builder *builder,
                         hf_diag *diag);

#endif

/* Hypothetical extraction: what is lost when an industry, a set of them, a region or a trade link is taken out, nothing replacing it.
 *
 * Closed forms from L, no new factorisation of the table. With K the set, L_.K its columns of L and L_KK its block:
 *     complete   K neither sells nor buys nor serves final demand     x - x* = L_.K L_KK^-1 x_K            (x*_K = 0)
 *     backward   K buys nothing                                       x - x* = (L - I)_.K L_KK^-1 x_K
 *     forward    K sells nothing to industries                        x - x* = L_.K L_KK^-1 (x_K - y_K)
 * They follow from Woodbury's identity on I - A*; for one industry j the block is the number L_jj (Dietzenbacher & Lahr, Economic Systems
 * Research 25, 2013; Miller & Lahr 2001). A link z_ij cut by the share phi is a change of rank one (Sherman & Morrison). */
#ifndef HF_MODEL_ECONOMY_EXTRACTION_H
#define HF_MODEL_ECONOMY_EXTRACTION_H

#include "model/economy/leontief.h"

typedef enum hf_extraction { HF_EXTRACT_COMPLETE, HF_EXTRACT_BACKWARD, HF_EXTRACT_FORWARD } hf_extraction;

/* All of these need L (hf_leontief_invert); x and y are those of the table. Losses are in money per year, [n] over industries, and
 * x - x* >= 0 for tables with y >= 0. */

/* One industry j, of which the share s (0..1) goes: ret_loss [n]. O(n). An industry without output loses nothing. With s = 1 the formulas
 * above; below, the row of j in A and its final demand (complete), its row alone (forward) or its column (backward) shrink by s, and by
 * Sherman & Morrison x_j / L_jj becomes s x_j / (1 + s (L_jj - 1)) (the partial extraction of Dietzenbacher & Lahr 2013). */
void hf_extract_industry(const hf_leontief *leontief, int industry, hf_extraction kind, double share, double *ret_loss);

/* Every industry at once: ret_total [n], the loss of the whole economy when `share` of industry j is extracted, each loss weighted with weight [n]
 * (NULL: ones, that is output; leontief->intensity: value added). O(n) for each once weight' L is known (one solve). HF_E_NOMEM. */
hf_err hf_extract_each(const hf_leontief *leontief, hf_extraction kind, double share, const double *weight, double *ret_total);

/* A set of industries, `member` [n_members] without repetition: ret_loss [n]. O(n k + k^3) with k = n_members.
 * HF_E_RANGE for an index outside 0 .. n-1, HF_E_DUPLICATE for a repeated one; HF_E_NO_ANSWER when L_KK is singular; HF_E_NOMEM. */
hf_err hf_extract_set(const hf_leontief *leontief, const int *member, int n_members, hf_extraction kind, double *ret_loss);

/* All industries of a region of a table with `n_sectors` sectors a region. As hf_extract_set. */
hf_err hf_extract_region(const hf_leontief *leontief, int region, int n_sectors, hf_extraction kind, double *ret_loss);

/* One link: the flow from industry i to industry j falls by the share phi (0..1) per unit of j's output; ret_loss [n]. O(n). */
void hf_extract_link(const hf_leontief *leontief, int i, int j, double phi, double *ret_loss);

/* The same, total over industries weighted as above, in O(1): `weight_l` [n] is weight' L (hf_leontief_multipliers). */
double hf_extract_link_total(const hf_leontief *leontief, int i, int j, double phi, const double *weight_l);

/* All trade from one region to another falls by the share phi: the flows between their industries and, with `demand_loss` [n_sectors] not
 * NULL, also that much final demand for the products of `from` (money per year). ret_loss [n]. O(n s + s^3). HF_E_RANGE, HF_E_NO_ANSWER,
 * HF_E_NOMEM. */
hf_err hf_extract_trade(const hf_leontief *leontief, int from, int to, int n_sectors, double phi, const double *demand_loss, double *ret_loss);

#endif

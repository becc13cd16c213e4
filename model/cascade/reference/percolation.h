/* Reference model: mutual percolation of interdependent Erdős–Rényi networks, as fixed points of the published equations and as a
 * seeded simulation.
 *
 * A node lives while it is in the largest component of its own network and what it depends on in other networks lives. With k the mean
 * degree and p the share of nodes that an attack leaves, the share P that lives in the end is the greatest solution of
 *
 *   n networks in a tree, one-to-one   P = p (1 - exp(-k P))^n
 *                                      Buldyrev et al., Nature 464, 1025, 2010 (n = 2);
 *                                      Gao et al., Phys. Rev. Lett. 107, 195701, 2011
 *   two networks, share q dependent    x = p (1 - q_A f_B),        f_A = exp(-k_A x (1 - f_A)),  P_A = x (1 - f_A)
 *                                      y = 1 - q_B (1 - p (1 - f_A)),  f_B = exp(-k_B y (1 - f_B)),  P_B = y (1 - f_B)
 *                                      Parshani, Buldyrev, Havlin, Phys. Rev. Lett. 105, 048701, 2010
 *   several supporters, one needed     P_A = R_A (1 - exp(-c_A P_B)) (1 - exp(-k_A P_A)), and the same with A and B exchanged
 *                                      Shao, Buldyrev, Havlin, Stanley, Phys. Rev. E 83, 036116, 2011
 *   any network of networks            x_i = p_i prod_j (1 - q_ij (1 - y_ji g_j)),  y_ij = x_i / (1 - q_ij (1 - y_ji g_j)),  P_i = x_i g_i,
 *                                      g_i = 1 - exp(-k_i P_i), q_ij the share of i's nodes that depend on a node of j
 *                                      Gao, Buldyrev, Stanley, Havlin, Nature Physics 8, 40, 2012 */
#ifndef HF_CASCADE_REFERENCE_PERCOLATION_H
#define HF_CASCADE_REFERENCE_PERCOLATION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

/* One network alone: the share of all nodes in its giant component when a share x (0..1) of them is left; k >= 0 is the mean degree before.
 * Solves P = x (1 - exp(-k P)) by bisection to the last digit. NaN for arguments out of range. */
double hf_percolation_giant(double k, double x);

/* Share that lives of n (1 ..) fully dependent networks in a tree, all of mean degree k >= 0 (finite), after an attack that leaves a share
 * p (0..1) of one of them. 0 below the threshold. HF_E_RANGE for other arguments. By bisection to the last digit. */
hf_err hf_percolation_networks(int n, double k, double p, double *ret_share);

/* The threshold of that model. *ret_pk: the product p k at which the living share vanishes; *ret_shared_k: k P just above it, 0 for n = 1
 * (a continuous transition), positive for n >= 2 (a jump): the root of exp(x) - 1 = n x. Either may be NULL. n >= 1, else HF_E_RANGE. */
hf_err hf_percolation_threshold(int n, double *ret_pk, double *ret_shared_k);

/* Two networks with mean degrees k_a, k_b >= 0, a share q_a of A's nodes depending on their partners in B and q_b the other way, no longer
 * chains of dependence (a node's partner depends on nobody but that node), and an attack that leaves a share p of A. All shares 0..1.
 * HF_E_RANGE for other arguments, HF_E_NO_CONVERGENCE when 10^6 steps are not enough (closer than about 10^-12 to a threshold). */
hf_err hf_percolation_partial(double k_a, double k_b, double q_a, double q_b, double p, double *ret_share_a, double *ret_share_b);

/* Two networks with mean degrees k_a, k_b >= 0 in which a node of A has a random (Poisson) number of supporters in B of mean c_a >= 0 and
 * needs one of them, likewise c_b; the attack leaves the shares r_a and r_b (0..1). Errors as above. */
hf_err hf_percolation_supporters(double k_a, double k_b, double c_a, double c_b, double r_a, double r_b, double *ret_share_a,
    double *ret_share_b);

/* Networks coupled in any way, each node with at most one partner in each other network and no longer chains of dependence between two. */
typedef struct hf_percolation_coupled {
    int n_networks;                  /* 1 .. */
    const double *mean_degree;       /* [n_networks] >= 0 */
    const double *survive;           /* [n_networks] share 0..1 that the attack leaves */
    int n_couplings;                 /* 0 .. */
    const int *a, *b;                /* [n_couplings] two different networks */
    const double *share_a, *share_b; /* [n_couplings] share 0..1 of a's nodes that depend on b, and of b's that depend on a */
} hf_percolation_coupled;

/* ret_share [n_networks] receives the share that lives of each network. Exact for trees and for rings of random partners, in the limit of
 * large networks. Errors as above, HF_E_NOMEM. O(couplings^2) a step. */
hf_err hf_percolation_coupled_solve(const hf_percolation_coupled *in, double *ret_share);

/* What a simulation draws. Arrays are read only and stay the caller's. */
typedef struct hf_percolation_case {
    int n_networks;            /* 1 .. */
    int n_nodes;               /* of each network, 1 .. */
    const double *mean_degree; /* [n_networks] 0 .. n_nodes - 1 */
    const double *survive;     /* [n_networks] share 0..1 of the nodes that the attack leaves, each node drawn on its own */
    int n_couplings;           /* 0 .. */
    /* Coupling c makes nodes of network dependent[c] depend on nodes of network supporter[c], another one. */
    const int *dependent, *supporter; /* [n_couplings] */
    const double *share;              /* [n_couplings] share 0..1 of the dependent network's nodes that depend, each drawn on its own */
    /* [n_couplings] 0: node i depends on node i of the other network. More: round(supporters * n_nodes) supply links between random nodes;
     * a dependent node lives while one of its supporters does, so that a node without any does not. At most 10^9 links in all. */
    const double *supporters;
    uint64_t seed; /* same seed, same bytes */
} hf_percolation_case;

/* Draws the networks, attacks them and lets the failures run until nothing changes: first in each network, in order, every node outside the
 * largest component fails, then every node that lost what it depends on. ret_share[n_networks] receives the share that lives of each
 * network's nodes; *ret_rounds (may be NULL) the number of rounds in which something failed. HF_E_RANGE for arguments outside the ranges
 * above, HF_E_NOMEM. O((nodes + edges + links) rounds). */
hf_err hf_percolation_simulate(const hf_percolation_case *drawn, double *ret_share, int *ret_rounds);

#endif

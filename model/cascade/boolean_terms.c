/* What a requirement comes to when its suppliers are up or down: which of them may fail. Sums are those of the engine, in its order. */
#include <math.h>
#include <string.h>

#include "model/cascade/boolean_inside.h"
#include "model/cascade/engine.h"

/* The engine's test for `supply` against what is needed. */
static bool enough(double supply, double need)
{
    return supply >= need - HF_FULL;
}

/* Supply when all suppliers but `without` (-1: all) are up. */
static double supply_without(const double *share, int n, int without)
{
    double sum = 0;
    for (int j = 0; j < n; j++)
        if (j != without) sum += share[j];
    return sum;
}

static bool each_alone(const double *share, int n, double need)
{
    for (int j = 0; j < n; j++)
        if (!enough(share[j], need)) return false;
    return true;
}

static bool each_needed(const double *share, int n, double need)
{
    for (int j = 0; j < n; j++)
        if (enough(supply_without(share, n, j), need)) return false;
    return true;
}

static bool all_equal(const double *share, int n)
{
    for (int j = 1; j < n; j++)
        if (share[j] != share[0]) return false;
    return true;
}

/* How many of `there` equal suppliers must be up, where those that are there take over the shares of the others of n. */
static int equal_needed(double share, int n, int there, double need)
{
    double all = 0, left = 0, sum = 0;
    for (int j = 0; j < n; j++) all += share;
    for (int j = 0; j < there; j++) left += share;
    double each = there < n ? share * (all / left) : share;
    int up = 0;
    while (up < there && !enough(sum, need)) sum += each, up++;
    return up;
}

/* Largest number of which all shares are whole multiples, by Euclid with a tolerance; 0 if none fits. Fills their multiples. */
static double common_unit(const double *share, int n, int *weight)
{
    double unit = share[0], most = 0, total = 0;
    for (int j = 0; j < n; j++) {
        double a = unit, b = share[j];
        most = fmax(most, share[j]);
        while (b > 1e-9) {
            double rest = fmod(a, b);
            if (b - rest < 1e-9) rest = 0;
            a = b;
            b = rest;
        }
        unit = a;
    }
    if (!(unit > 0) || !(most / unit <= HF_B_WEIGHT_MOST)) return 0;
    unit = most / round(most / unit);
    for (int j = 0; j < n; j++) {
        double multiple = round(share[j] / unit);
        total += multiple;
        if (fabs(share[j] - multiple * unit) > 1e-12 || multiple < 1) return 0;
        weight[j] = (int)multiple;
    }
    return total <= HF_B_WEIGHT_MOST ? unit : 0;
}

/* How much weight must be up when so much of `all` is there; -1 when the sums come too near to the threshold to be sure of. */
static int weight_needed(double unit, int n, int all, int there, double need)
{
    double each = unit * all / there, margin = 2e-12 * (n + 2) * (1 + each * there), goal = need - HF_FULL;
    int up = (int)ceil(goal / each);
    if (up > there) return -1;
    return fabs(up * each - goal) > margin && fabs((up - 1) * each - goal) > margin ? up : -1;
}

/* The total weights that doubtful links may leave, each with what it may lose. */
static hf_boolean_why cases_fill(const double *share, int n, double unit, const int *weight, const bool *doubtful, double need, hf_boolean_term *to)
{
    bool missing[HF_B_WEIGHT_MOST + 1] = {true};
    int all = 0;
    for (int j = 0; j < n; j++) {
        all += weight[j];
        for (int m = HF_B_WEIGHT_MOST; doubtful[j] && m >= weight[j]; m--) missing[m] |= missing[m - weight[j]];
    }
    for (int m = 0; m < all; m++) {
        int there = all - m, up;
        if (!missing[m]) continue;
        if (to->n_cases == HF_B_CASES_MOST) return HF_BOOLEAN_SHARES;
        up = unit > 0 ? weight_needed(unit, n, all, there, need) : equal_needed(share[0], n, there, need);
        if (up < 0) return HF_BOOLEAN_SHARES;
        to->total[to->n_cases] = there;
        to->case_least[to->n_cases++] = there - up + 1;
    }
    return HF_BOOLEAN_YES;
}

static hf_boolean_why threshold_term(const double *share, int n, const bool *doubtful, double need, hf_boolean_term *to, int *weight)
{
    double unit = 0;
    int all = n, up;
    if (!enough(supply_without(share, n, -1), need)) return HF_BOOLEAN_SHARES;
    to->kind = each_alone(share, n, need) ? HF_B_ALL : HF_B_ADD;
    if (to->kind == HF_B_ALL) return HF_BOOLEAN_YES;
    if (!doubtful && each_needed(share, n, need)) {
        to->least = 1;
        return HF_BOOLEAN_YES;
    }
    if (all_equal(share, n)) {
        for (int j = 0; j < n; j++) weight[j] = 1;
        up = n <= HF_B_WEIGHT_MOST ? equal_needed(share[0], n, n, need) : -1;
    } else {
        unit = common_unit(share, n, weight);
        if (!(unit > 0)) return HF_BOOLEAN_SHARES;
        all = 0;
        for (int j = 0; j < n; j++) all += weight[j];
        up = weight_needed(unit, n, all, all, need);
    }
    if (up < 0) return HF_BOOLEAN_SHARES;
    to->least = all - up + 1;
    return doubtful ? cases_fill(share, n, unit, weight, doubtful, need, to) : HF_BOOLEAN_YES;
}

hf_boolean_why hf_boolean_term_of(const hf_network *net, int g, const bool *doubtful, hf_boolean_term *ret_term, int *weight)
{
    int first = net->sup_off[g], n = net->sup_off[g + 1] - first;
    const double *share = net->sup_share + first;
    double loss = net->curve_loss[net->curve_off[net->req_curve[g] + 1] - 1];
    *ret_term = (hf_boolean_term){.kind = -1};
    if (loss <= 0 || n == 0) return HF_BOOLEAN_YES;
    if (loss < 1) return HF_BOOLEAN_PARTIAL_LOSS;
    for (int k = first; k < first + n; k++) /* a class that is not served in full by a supplier that is up */
        if (!((1 - net->sup_from[k]) / net->sup_width[k] >= 1 - HF_FULL)) return HF_BOOLEAN_PARTIAL_SUPPLY;
    if (net->req_response[g] == HF_THRESHOLD) {
        double need = net->req_threshold[g];
        return need <= HF_FULL ? HF_BOOLEAN_YES : threshold_term(share, n, doubtful, need, ret_term, weight);
    }
    if (!each_alone(share, n, 1)) return HF_BOOLEAN_PARTIAL_SUPPLY;
    ret_term->kind = HF_B_ALL;
    return HF_BOOLEAN_YES;
}

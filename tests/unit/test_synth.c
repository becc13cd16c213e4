/* Synthetic countries: sound, the same every time, and of the shape that is promised. */
#include "datasets/synth/synth.h"

#include <stdlib.h>

#include "datasets/package.h"
#include "model/network/carrier_shape.h"
#include "tests/support/scratch.h"
#include "tests/tap.h"

static hf_package *made(long entities, uint64_t seed, const char *name)
{
    char into[1024];
    hf_diag *diag = NULL;
    hf_package *package = NULL;
    snprintf(into, sizeof into, "%s", scratch_path(name));
    CHECK_INT(hf_diag_new(&diag), HF_OK);
    CHECK_INT(hf_synth(&(hf_synth_options){entities, seed, "AT", into}, diag), HF_OK);
    CHECK_INT(hf_package_open(into, diag, &package), HF_OK);
    CHECK_INT(hf_diag_count(diag, HF_WARNING), 0);
    hf_diag_free(diag);
    return package;
}

static void every_size_is_sound(void)
{
    static const long sizes[] = {50, 51, 77, 100, 333, 2500};
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
        char name[32];
        snprintf(name, sizeof name, "size-%ld", sizes[k]);
        hf_package *package = made(sizes[k], k, name);
        CHECK_INT(hf_package_network(package)->n_entities, sizes[k]);
        hf_package_free(package);
    }
}

static void the_seed_decides(void)
{
    hf_package *a = made(500, 7, "a"), *b = made(500, 7, "b"), *c = made(500, 8, "c");
    CHECK_STR(hf_package_digest(a), hf_package_digest(b));
    CHECK(strcmp(hf_package_digest(a), hf_package_digest(c)) != 0);
    hf_package_free(a);
    hf_package_free(b);
    hf_package_free(c);
}

static int compare_down(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x > y ? -1 : x < y;
}

/* Mean degrees of the European grid and gas network (2.78, 2.67), one part each, few triangles, and a heavy tail of users. */
static void shape_is_as_promised(void)
{
    hf_package *package = made(10000, 1, "shape");
    const hf_network *net = hf_package_network(package);
    hf_carrier_shape shape;
    double users[2000], all = 0, largest = 0;
    int n = 0;
    for (int c = 0; c < net->n_carriers; c++) {
        CHECK_INT(hf_carrier_shape_compute(net, c, &shape), HF_OK);
        CHECK_INT(shape.parts, 1);
        CHECK(shape.mean_degree > 2.5 && shape.mean_degree < 3.0);
        CHECK(shape.clustering < 0.15);
        if (strcmp(net->carrier_id[c], "gas") == 0) CHECK_NEAR(shape.mean_degree, 2.67, 0.01);
    }
    for (int i = 0; i < net->n_entities && n < 2000; i++)
        if (strcmp(net->sectors.name[net->sector[i]], "health") == 0) users[n++] = net->users[i];
    CHECK_INT(n, 900);
    qsort(users, (size_t)n, sizeof *users, compare_down);
    for (int k = 0; k < n; k++) {
        all += users[k];
        if (k < n / 10) largest += users[k];
    }
    CHECK(largest / all > 0.4); /* the largest tenth */
    hf_package_free(package);
}

/* A path of four nodes and a triangle, apart, by hand. */
static void shape_of_a_small_carrier(void)
{
    hf_diag *diag = NULL;
    hf_package *package = NULL;
    hf_carrier_shape s;
    CHECK_INT(hf_diag_new(&diag), HF_OK);
    scratch_text("small/datapackage.json",
                 "{\"name\": \"s\", \"title\": \"S\", \"resources\": [{\"name\": \"entities\", \"path\": \"entities.csv\"}, {\"name\": "
                 "\"carriers\", \"path\": \"carriers.csv\"}, {\"name\": \"carrier_nodes\", \"path\": \"carrier_nodes.csv\"}, {\"name\": \"carrier_lines\", "
                 "\"path\": \"carrier_lines.csv\"}]}");
    scratch_text("small/entities.csv", "id,sector,country\na,energy,AT\nb,energy,AT\nc,energy,AT\nd,energy,AT\nx,energy,AT\ny,energy,AT\nz,energy,AT\n");
    scratch_text("small/carriers.csv", "carrier,rule\np,reach\n");
    scratch_text("small/carrier_nodes.csv", "carrier,entity,supply\np,a,1\np,b,\np,c,\np,d,\np,x,1\np,y,\np,z,\n");
    scratch_text("small/carrier_lines.csv", "carrier,from,to\np,a,b\np,b,c\np,c,d\np,c,d\np,x,y\np,y,z\np,z,x\n");
    CHECK_INT(hf_package_open(scratch_path("small"), diag, &package), HF_OK);
    CHECK_INT(hf_carrier_shape_compute(hf_package_network(package), 0, &s), HF_OK);
    CHECK_INT(s.parts, 2);
    CHECK_INT(s.largest, 4);
    CHECK_INT(s.most_degree, 3);
    CHECK_NEAR(s.mean_degree, 2, 1e-12);
    CHECK_NEAR(s.clustering, 3.0 / 5, 1e-12);   /* three closed of five triples */
    CHECK_NEAR(s.path_length, 10.0 / 6, 1e-12); /* (1 + 2 + 3 + 1 + 2 + 1) / 6 */
    hf_package_free(package);
    hf_diag_free(diag);
}

static void refuses(void)
{
    hf_diag *diag = NULL;
    CHECK_INT(hf_diag_new(&diag), HF_OK);
    CHECK_INT(hf_synth(&(hf_synth_options){49, 1, "AT", "/nowhere/x"}, diag), HF_E_RANGE);
    CHECK_INT(hf_synth(&(hf_synth_options){100, 1, "AT", "/nowhere/x"}, diag), HF_E_IO);
    CHECK_INT(hf_synth(&(hf_synth_options){100, 1, "AT", scratch_path("a")}, diag), HF_E_EXISTS);
    hf_diag_free(diag);
}

int main(void)
{
    scratch_folder();
    RUN(every_size_is_sound);
    RUN(the_seed_decides);
    RUN(shape_is_as_promised);
    RUN(shape_of_a_small_carrier);
    RUN(refuses);
    scratch_done();
    return tap_done();
}

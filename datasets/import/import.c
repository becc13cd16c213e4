#include "datasets/import/import.h"

#include <string.h>

#include "datasets/codes.h"
#include "datasets/import/draft.h"

const hf_import_format hf_import_formats[] = {
    {"csv", "any CSV by a column map (--map), see docs/manual/import.md", "the files that the map names"},
    {"entsoe", "European transmission grid (GridKit extract of PyPSA)", "buses.csv lines.csv [links.csv transformers.csv converters.csv generators.csv]"},
    {"iggin", "gas network SciGRID_gas IGGIN", "IGGIN_Nodes.csv IGGIN_PipeSegments.csv [IGGIN_Storages.csv IGGIN_LNGs.csv]"},
    {"graph", "GraphML or GML, as the Internet Topology Zoo has them", "one or more .graphml or .gml files"},
    {"openflights", "airports and routes of OpenFlights", "airports.dat routes.dat [countries.dat]"},
    {"indp", "interdependent networks as of Shelby County", "PowerNodes.csv PowerArcs.csv … Interdep.csv"},
    {"topojson", "areas and their land borders (prefectures)", "one TopoJSON file"},
    {"io-wide", "an input-output table, one seller a row and one buyer a column", "one CSV, or flows, final demand and output in several [industries.csv]"},
    {"io-long", "an input-output table, one flow a row", "one CSV: region and code of the seller, of the buyer, value"},
    {"wiod", "World Input-Output Database, releases 2013 and 2016, as CSV", "WIOT… .csv, or …_Z.csv …_Y.csv …_x.csv [industries.csv]"},
    {"icio", "OECD Inter-Country Input-Output tables", "ICIO2018_2015.CSV, 2018.csv, 2018_SML.csv …"},
    {"figaro", "Eurostat FIGARO, matrix or flat", "matrix_eu-ic-io_ind-by-ind_… .csv, or the flat file"},
    {"exiobase", "EXIOBASE 3", "Z.txt (or A.txt) Y.txt x.txt"},
    {"eora", "Eora26 (give --currency and --money-unit)", "Eora26_…_T.txt _FD.txt [_VA.txt] labels_T.txt labels_FD.txt"},
    {"adb", "Asian Development Bank MRIO, as CSV", "ADB-MRIO-… .csv"},
    {"io-japan", "regional tables of METI and RIETI, as CSV", "one CSV with regions and sectors above and beside the numbers"},
    {"io-areas", "tables of Japan's prefectures side by side", "one CSV: area, R1C1 … (flows), Y1 … (output)"},
};

static hf_importer *const importers[] = {hf_import_csv,         hf_import_entsoe, hf_import_iggin,      hf_import_graph,
                                         hf_import_openflights, hf_import_indp,   hf_import_prefectures, hf_import_io_wide,
                                         hf_import_io_long,     hf_import_wiod,   hf_import_icio,       hf_import_figaro,
                                         hf_import_exiobase,    hf_import_eora,   hf_import_adb,        hf_import_io_japan,
                                         hf_import_io_areas};

const int hf_import_format_count = (int)(sizeof hf_import_formats / sizeof *hf_import_formats);

hf_err hf_import(const char *format, const char *const *files, int n_files, const hf_import_options *options, hf_diag *diag)
{
    hf_draft draft;
    int k = 0;
    while (k < hf_import_format_count && strcmp(hf_import_formats[k].name, format) != 0) k++;
    if (k == hf_import_format_count) return HF_E_UNKNOWN_ID;
    if (options->country && (strlen(options->country) != 2 || !hf_country_code(options->country))) {
        hf_diag_add(diag, HF_ERROR, HF_E_UNKNOWN_ID, NULL, 0, 0, "country \"%s\" is unknown (allowed: ISO 3166-1 alpha-2, as RS)", options->country);
        return HF_E_DATA;
    }
    size_t errors = hf_diag_count(diag, HF_ERROR);
    hf_draft_init(&draft, options, diag);
    hf_err err = importers[k](&draft, files, n_files);
    if (err == HF_OK && hf_diag_count(diag, HF_ERROR) > errors) err = HF_E_DATA;
    if (err == HF_OK) err = hf_draft_write(&draft);
    hf_draft_done(&draft);
    return err;
}

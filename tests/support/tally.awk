# Counts TAP subtests in meson's testlog.json (one JSON object a line, one line a test program) and prints
# `N passed, N failed, N skipped`. A program that crashed, timed out or ended before its plan counts as one more failure.
# Names what failed on stderr. Portable awk: no JSON reader is needed, only the text of three keys.

# The JSON string behind a key, still escaped; "" when there is none.
function text_of(line, key,    at, i, c) {
    at = index(line, "\"" key "\": \"")
    if (!at) return ""
    at += length(key) + 5
    for (i = at; i <= length(line); i++) {
        c = substr(line, i, 1)
        if (c == "\\") i++
        else if (c == "\"") break
    }
    return substr(line, at, i - at)
}

function number_of(line, key) {
    return match(line, "\"" key "\": -?[0-9]+") ? substr(line, RSTART + length(key) + 4, RLENGTH - length(key) - 4) + 0 : 0
}

function complain(what) {
    failed++
    print "failed: " name ": " what > "/dev/stderr"
}

{
    name = text_of($0, "name")
    result = text_of($0, "result")
    returned = number_of($0, "returncode")
    n = split(text_of($0, "stdout"), line, /\\n/)
    good = bad = skips = 0
    plan = -1
    for (i = 1; i <= n; i++) {
        if (line[i] ~ /^ok( |$)/) {
            if (line[i] ~ /# *[Ss][Kk][Ii][Pp]/) skips++
            else good++
        } else if (line[i] ~ /^not ok( |$)/) {
            bad++
            complain(line[i])
        } else if (line[i] ~ /^1\.\.[0-9]+/) {
            plan = substr(line[i], 4) + 0
            if (plan == 0) skips++
        } else if (line[i] ~ /^Bail out!/) complain(line[i])
    }
    passed += good
    skipped += skips
    if (returned == 77 && good + bad + skips == 0) skipped++ # how a program without TAP says it was skipped
    else if (returned != 0 && !(returned == 1 && bad > 0) || result ~ /^(TIMEOUT|INTERRUPT)/) complain("ended with " result ", status " returned)
    else if (plan > 0 && good + bad + skips != plan) complain("ran " good + bad + skips " of " plan " planned cases")
    else if (plan < 0) complain("printed no plan: it ended early or prints no TAP")
}

END {
    if (NR == 0) {
        print "failed: no test program ran" > "/dev/stderr"
        failed++
    }
    printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped
    exit failed > 0
}

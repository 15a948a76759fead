# shellcheck shell=bash
# Adds up what the suites report and prints the one closing line. Needs say.sh.

results_passed=0
results_failed=0
results_skipped=0
results_failures=()
# shellcheck disable=SC2034 # read when the script ends
results_closed=no

# count_trx SUITE FILE EXIT_CODE: a runner that failed without naming a failed test, or ran nothing, counts as a failure.
count_trx() {
  local suite=$1 file=$2 code=$3 passed failed skipped
  passed=$(trx_outcomes "$file" Passed)
  skipped=$(trx_outcomes "$file" NotExecuted)
  failed=$(($(trx_outcomes "$file" '[A-Za-z]*') - passed - skipped))
  add_results "$suite" "$passed" "$failed" "$skipped" "$code"
}

trx_outcomes() {
  if [[ ! -f $1 ]]; then
    echo 0
    return
  fi
  { grep -o "<UnitTestResult [^>]*outcome=\"$2\"" "$1" || true; } | wc -l
}

# count_vitest SUITE FILE EXIT_CODE
count_vitest() {
  local suite=$1 file=$2 code=$3 counts='0 0 0'
  if [[ -f $file ]]; then
    counts=$(node -p 'const r = JSON.parse(require("fs").readFileSync(process.argv[1], "utf8"));
      [r.numPassedTests, r.numFailedTests, r.numPendingTests + r.numTodoTests].join(" ")' "$file")
  fi
  # shellcheck disable=SC2086 # three numbers
  add_results "$suite" $counts "$code"
}

# count_chaos SUITE RUNS LOG EXIT_CODE: a run that broke a promise is named in the log.
count_chaos() {
  local suite=$1 runs=$2 log=$3 code=$4 failed
  failed=$(grep -c '^FAILED: run ' "$log") || true
  if ((failed > 0)); then
    cat "$log" >&2
    add_results "$suite" "$((runs - failed))" "$failed" 0 0
  elif ((code != 0)); then
    tail -n 40 "$log" >&2
    count_failure "$suite: the runs ended with exit code $code"
  else
    grep -m 1 ' runs, seed ' "$log" || true
    add_results "$suite" "$runs" 0 0 0
  fi
}

add_results() {
  local suite=$1 passed=$2 failed=$3 skipped=$4 code=$5
  results_passed=$((results_passed + passed))
  results_failed=$((results_failed + failed))
  results_skipped=$((results_skipped + skipped))
  if ((failed > 0)); then
    results_failures+=("$suite: $failed tests failed")
  elif ((code != 0)); then
    count_failure "$suite: the runner ended with exit code $code"
  elif ((passed + skipped == 0)); then
    count_failure "$suite: no test ran"
  fi
}

count_failure() {
  results_failed=$((results_failed + 1))
  results_failures+=("$1")
}

count_skip() {
  results_skipped=$((results_skipped + 1))
  say "Skipped: $1"
}

# Prints the closing line. Fails when anything failed and, where CI=true, when anything was skipped.
close_results() {
  local failure
  # shellcheck disable=SC2034
  results_closed=yes
  for failure in ${results_failures[@]+"${results_failures[@]}"}; do echo "failed: $failure" >&2; done
  if [[ ${CI:-} == true ]] && ((results_skipped > 0)); then
    echo "failed: nothing may be skipped where CI=true" >&2
  fi
  echo "$results_passed passed, $results_failed failed, $results_skipped skipped"
  ((results_failed == 0)) || return 1
  [[ ${CI:-} != true ]] || ((results_skipped == 0))
}

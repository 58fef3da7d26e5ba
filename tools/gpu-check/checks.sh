# How gpu-check.sh runs a check: with a limit, its output in a log, the outcome in the part's JSON; what fails is
# remembered, and the rest goes on. Expects $out and $dry.

failures=()
rows=()
not_run=()
part_limit=570  # seconds

say() { printf '%s\n' "$*"; }

# Text as a JSON string; only plain characters stay.
quoted() { printf '"%s"' "$(printf '%s' "$1" | tr -c 'A-Za-z0-9 .,:;/()=_+%-' ' ')"; }

log_of() { printf '%s/%s.log' "$out" "$(printf '%s' "$1" | tr -cs 'A-Za-z0-9' '-')"; }

# check NAME COMMAND…: for as long as the part has left.
check() {
  local name=$1 log began status left last
  shift
  if [ -n "$dry" ]; then
    say "would run   $name: $*"
    return
  fi
  log=$(log_of "$name")
  began=$SECONDS
  left=$((part_limit - (SECONDS - part_began)))
  if [ "$left" -lt 5 ]; then
    skip_check "$name" "the part's time was up"
    failures+=("$name: the part's time was up")
    return
  fi
  timeout -k 10 "$left" "$@" >"$log" 2>&1
  status=$?
  last=$(tail -n 1 "$log")
  [ "$status" = 124 ] && last="stopped after $left s; $last"
  rows+=("{\"name\": $(quoted "$name"), \"ok\": $([ $status -eq 0 ] && echo true || echo false), \"seconds\": $((SECONDS - began)), \"last\": $(quoted "$last")}")
  if [ $status -eq 0 ]; then
    say "ok      $name: $last"
    return 0
  fi
  tail -n 12 "$log"
  say "FAILED: $name"
  failures+=("$name (whole output: $log)")
  return 1
}

# What cannot be run here, by name and with the reason.
skip_check() {
  say "not run: $1 ($2)"
  not_run+=("{\"name\": $(quoted "$1"), \"why\": $(quoted "$2")}")
}

joined() {
  local IFS=,
  printf '%s' "$*"
}

# Runs the function part_NAME and writes what its checks came to.
run_part() {
  rows=() not_run=()
  part_began=$SECONDS
  say "--- $1"
  "part_$1"
  [ -n "$dry" ] && return
  printf '{"seconds": %d, "checks": [%s], "notRun": [%s]}\n' "$((SECONDS - part_began))" "$(joined "${rows[@]-}")" \
    "$(joined "${not_run[@]-}")" >"$out/part-$1.json"
}

#!/bin/sh
# keep_ptxas.sh COMPILER ARGUMENTS… -o OBJECT: runs the compiler; what ptxas says of the kernels goes to OBJECT.ptxas,
# everything else to where it belongs.
object=
before=
for argument; do
  [ "$before" = -o ] && object=$argument
  before=$argument
done
[ -n "$object" ] || exec "$@"

"$@" 2>"$object.said"
status=$?
pattern='^ptxas info|bytes stack frame|^ *Compile time'
grep -E "$pattern" "$object.said" >"$object.ptxas"
grep -Ev "$pattern" "$object.said" >&2
rm -f "$object.said"
exit $status

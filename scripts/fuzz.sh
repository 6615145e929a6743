#!/bin/sh
# Builds the fuzzers and runs each for some seconds: scripts/fuzz.sh [SECONDS [NAME…]]   (20 seconds and all by default)
#
# Exit status 0: nothing found. Otherwise the input that broke something is named; it lies in .build/fuzz/NAME/. Fix the code, and add
# the input to a table of the module's tests, so that it is replayed by every test run.
set -eu
cd "$(dirname "$0")/.."
seconds=${1:-20}
[ $# -gt 0 ] && shift
only=$*
out=.build/fuzz
mkdir -p "$out"

# One fuzzer a line: name | modules in the order of their dependencies | sources in Tests/Fuzz | corpus in Tests/Fuzz/corpora |
# flags for compiling and linking. Sources of a module are all Swift files below Sources/MODULE; MODULE:PATH,PATH… takes those at
# Sources/PATH only, as a module of that name.
weights=$(cd Sources && find Features/Weights -name '*.swift' ! -name '*Writer.swift' | sort | paste -sd,)
zlib="-I Sources/CZlib -lz"
ffmpeg="-I Sources/CFFmpeg -lavformat -lavcodec -lswscale -lavutil"
fuzzers="
mot | Geometry Formats | MOTFuzz.swift BoxRules.swift FuzzInput.swift | mot |
jsonlines | Geometry Formats | JSONLinesFuzz.swift BoxRules.swift FuzzInput.swift | jsonlines |
scalabel | Geometry Formats | ScalabelFuzz.swift BoxRules.swift FuzzInput.swift | scalabel |
labels | Geometry Formats | LabelFuzz.swift FuzzInput.swift | labels |
seqinfo | Geometry Formats | SequenceInfoFuzz.swift FuzzInput.swift | seqinfo |
safetensors | Geometry Weights:$weights | SafetensorsFuzz.swift FuzzFile.swift FuzzInput.swift | safetensors | $zlib
npz | Geometry Weights:$weights | NpzFuzz.swift FuzzFile.swift FuzzInput.swift | npz | $zlib
torch | Geometry Weights:$weights | TorchFuzz.swift FuzzFile.swift FuzzInput.swift | torch | $zlib
demux | Geometry Decode | DemuxFuzz.swift FuzzFile.swift FuzzInput.swift | demux | $ffmpeg
"

# Video makes bad text for a repository, so its seeds are made here: a few small pictures in each container.
seeds() {
    mkdir -p "$out/seeds/demux"
    for seed in a.mp4 a.mkv a.ts a.avi a.y4m; do
        [ -s "$out/seeds/demux/$seed" ] || ffmpeg -v error -y -f lavfi -i testsrc2=s=32x32:r=25:d=0.12 \
            -movflags +faststart "$out/seeds/demux/$seed" </dev/null
    done
}

# A crash has to end at once: the backtracer hangs under the address sanitizer.
export SWIFT_BACKTRACE=enable=no
export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=0}
common='-O -parse-as-library -swift-version 6 -enable-upcoming-feature ExistentialAny -enable-upcoming-feature InternalImportsByDefault
-enable-upcoming-feature MemberImportVisibility -sanitize=fuzzer,address -use-ld=lld -g'

# build_module NAME PATH FLAGS: compiles a module once a run of this script.
build_module() {
    case " $built " in *" $1 "*) return ;; esac
    echo "building module $1" >&2
    # shellcheck disable=SC2046,SC2086
    swiftc $common $3 -wmo -enable-testing -module-name "$1" -I "$out" -emit-module -emit-module-path "$out/$1.swiftmodule" \
        -c $(echo "$2" | tr ',' '\n' | sed 's#^#Sources/#' | xargs -I{} find {} -name '*.swift' | sort) -o "$out/$1.o"
    built="$built $1"
}

trim() { echo "$1" | sed 's/^ *//;s/ *$//'; }

built=
failed=
list=$(mktemp)
trap 'rm -f "$list"' EXIT
echo "$fuzzers" | grep '|' >"$list"
while IFS='|' read -r name modules sources corpus flags; do
    name=$(trim "$name") corpus=$(trim "$corpus")
    if [ -n "$only" ]; then
        case " $only " in *" $name "*) ;; *) continue ;; esac
    fi
    objects=
    for module in $modules; do
        build_module "${module%%:*}" "${module##*:}" "$flags"
        objects="$objects $out/${module%%:*}.o"
    done
    files=
    for source in $sources; do files="$files Tests/Fuzz/$source"; done
    # shellcheck disable=SC2086
    swiftc $common $flags -module-name "Fuzz_$name" -I "$out" $files $objects -o "$out/fuzz-$name"
    mkdir -p "$out/$name"
    folder=Tests/Fuzz/corpora/$corpus
    if [ "$corpus" = demux ]; then seeds; folder=$out/seeds/demux; fi
    echo "fuzzing $name for $seconds s" >&2
    # The first folder collects what is new; the seeds of the repository are only read.
    if ! "$out/fuzz-$name" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 -max_len=8192 -print_final_stats=1 \
        -artifact_prefix="$out/$name-" "$out/$name" "$folder" >"$out/$name.log" 2>&1 </dev/null; then
        tail -40 "$out/$name.log" >&2
        failed="$failed $name"
    fi
    grep -E 'stat::number_of_executed_units|stat::new_units' "$out/$name.log" | sed "s/^/$name: /" >&2 || true
done <"$list"

if [ -n "$failed" ]; then
    echo "found something:$failed (inputs: $out/NAME-crash-…)" >&2
    exit 1
fi
echo "found nothing" >&2

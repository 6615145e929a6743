#!/usr/bin/env bash
# Memory of whole runs, in MB of resident set.
#
#   scripts/check-memory.sh VTRACK VIT_B_CHECKPOINT OUT
#
# 1. Frames 200 and 2,000 of one run differ by less than 10 MB. 2. A 4K clip with ViT-B/16 stays under 1 GB.
# 3. --tiling whole on 1080p stays under 2 GB. Needs ffmpeg; takes some minutes. Exits 1 where a bound is broken.
set -euo pipefail
vtrack=$1 checkpoint=$2 out=$3
mkdir -p "$out"
status=0

clip() { # NAME SIZE FRAMES
    [ -f "$out/$1" ] || ffmpeg -v error -f lavfi -i "testsrc2=size=$2:rate=25" -frames:v "$3" -c:v libx264 \
        -preset ultrafast -pix_fmt yuv420p "$out/$1"
    for n in $(seq "$3"); do
        for k in 1 2 3 4 5; do echo "$n,$k,$((n % 200 + 60 * k)),$((40 * k)),50,60,1,1,1"; done
    done >"$out/$1.txt"
}

resident() { awk '/^VmRSS/ { print $2 / 1024 }' "/proc/$1/status"; }
peak() { awk '/^VmHWM/ { print $2 / 1024 }' "/proc/$1/status" 2>/dev/null; }
bound() { # WHAT VALUE LIMIT
    awk -v w="$1" -v v="$2" -v l="$3" 'BEGIN { ok = v < l; printf "%s: %.1f MB (limit %d) %s\n", w, v, l, ok ? "ok" : "FAILED"; exit !ok }' || status=1
}

clip long.mp4 320x240 2400
: >"$out/progress"
"$vtrack" run "$out/long.mp4" --boxes "$out/long.mp4.txt" --model "$checkpoint" --layer 1 --out "$out/t.txt" \
    --features "$out/f.safetensors" --progress json 2>"$out/progress" >/dev/null &
process=$!
at() { # FRAME: waits for it
    while kill -0 $process 2>/dev/null; do
        frame=$(tail -n 1 "$out/progress" | sed -n 's/.*"frame": \([0-9]*\).*/\1/p')
        [ "${frame:-0}" -ge "$1" ] && return
        sleep 0.02
    done
}
at 200; first=$(resident $process)
at 2000; second=$(resident $process)
wait $process
bound "frame 2000 over frame 200" "$(awk -v a="$first" -v b="$second" 'BEGIN { print b - a }')" 10

for case in "4k.mp4 3840x2160 fit 1024" "1080p.mp4 1920x1080 whole 2048"; do
    read -r name size tiling limit <<<"$case"
    clip "$name" "$size" 3
    "$vtrack" run "$out/$name" --boxes "$out/$name.txt" --model "$checkpoint" --tiling "$tiling" --long-side 1920 \
        --out "$out/t.txt" --progress none >/dev/null &
    process=$!
    highest=0
    while kill -0 $process 2>/dev/null; do
        now=$(peak $process || true)
        highest=${now:-$highest}
        sleep 0.05
    done
    wait $process
    bound "$name --tiling $tiling, peak" "$highest" "$limit"
done
exit $status

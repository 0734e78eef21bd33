#!/bin/sh
# Makes two short live-like HLS folders for the dev server: p (portrait) and l (landscape), looping for an hour.
# Usage: make-hls.sh FOLDER [photo.jpg]. Stop it with Ctrl-C.
set -eu
out=${1:-/tmp/insp-dev-hls}
mkdir -p "$out/p" "$out/l"
encode() {
  ffmpeg -nostdin -loglevel error -re -f lavfi -i "$2" -f lavfi -i "sine=frequency=220:sample_rate=48000" -t 3600 \
    -c:v libx264 -preset ultrafast -tune zerolatency -g 48 -r 24 -pix_fmt yuv420p -c:a aac -b:a 64k \
    -f hls -hls_time 2 -hls_list_size 8 -hls_flags delete_segments+program_date_time -hls_segment_type fmp4 \
    "$out/$1/index.m3u8"
}
encode p "gradients=size=360x640:rate=24:c0=0xcdb79b:c1=0x8a6f55:c2=0xe5d8c5:c3=0x5e6f5b:nb_colors=4:speed=0.01" &
encode l "gradients=size=640x360:rate=24:c0=0xcdb79b:c1=0x8a6f55:c2=0xe5d8c5:c3=0x5e6f5b:nb_colors=4:speed=0.01" &
wait

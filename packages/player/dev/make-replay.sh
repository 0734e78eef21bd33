#!/bin/sh
# Makes what the dev server needs to show a replay: r (portrait) and s (landscape), each a VOD of 96 s with a poster and a
# storyboard of pictures each 10 s. Usage: make-replay.sh FOLDER.
set -eu
out=${1:-/tmp/insp-dev-hls}
make() {
  mkdir -p "$out/$1"
  ffmpeg -nostdin -loglevel error -y -f lavfi -i "gradients=size=$2:rate=24:c0=0xcdb79b:c1=0x8a6f55:c2=0xe5d8c5:c3=0x5e6f5b:nb_colors=4:speed=0.03" \
    -f lavfi -i "sine=frequency=220:sample_rate=48000" -t 96 -c:v libx264 -preset ultrafast -g 48 -pix_fmt yuv420p -c:a aac -b:a 64k \
    -f hls -hls_time 2 -hls_playlist_type vod -hls_flags program_date_time -hls_segment_type fmp4 "$out/$1/index.m3u8"
  ffmpeg -nostdin -loglevel error -y -i "$out/$1/index.m3u8" -vf "fps=1/10,scale=$3:$4,tile=10x1" -frames:v 1 "$out/$1/sheet.jpg"
  ffmpeg -nostdin -loglevel error -y -i "$out/$1/index.m3u8" -ss 20 -frames:v 1 -update 1 "$out/$1/poster.jpg"
  {
    printf 'WEBVTT\n'
    for n in 0 1 2 3 4 5 6 7 8 9; do
      printf '\n00:%02d:%02d.000 --> 00:%02d:%02d.000\nsheet.jpg#xywh=%d,0,%d,%d\n' \
        $((n * 10 / 60)) $((n * 10 % 60)) $(((n + 1) * 10 / 60)) $(((n + 1) * 10 % 60)) $((n * $3)) "$3" "$4"
    done
  } >"$out/$1/storyboard.vtt"
}
make r 360x640 90 160
make s 640x360 160 90

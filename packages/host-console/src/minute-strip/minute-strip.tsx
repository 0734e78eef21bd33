// Viewers, messages, adds and orders a minute over the band of highlighted products (AN4). One canvas, a lane for each,
// named beside it in its own colour: no legend to look up, and lanes stay apart for every kind of colour sight.

import type { HighlightSpan, MinuteKpis, Product } from '@insp/protocol';
import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useMemo, useRef, useState } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { countText, timeText } from '../ui/format.ts';
import classes from './minute-strip.module.css';
import {
  bandSpans,
  type LaneKey,
  laneScale,
  laneSpans,
  lastKnown,
  STRIP_LANES,
  type StripData,
  stripData,
  stripRange,
  timeTicks,
} from './strip-data.ts';

const BAND_ROW_PX = 22;

type Props = {
  minutes: readonly MinuteKpis[];
  highlights: readonly HighlightSpan[];
  products: ReadonlyMap<string, Product>;
  nowMs: number;
  heightPx?: number;
};

export function MinuteStrip({ minutes, highlights, products, nowMs, heightPx }: Props) {
  const data = useMemo(() => stripData(minutes), [minutes]);
  const [hovered, setHovered] = useState<number | null>(null);
  const range = stripRange(data);
  const band = bandSpans(highlights, range, nowMs);
  const rowCount = Math.max(1, ...band.map(({ row }) => row + 1));
  const shown = hovered !== null && hovered < data.minutes.length ? hovered : data.minutes.length - 1;
  const valueAt = (lane: LaneKey) => (hovered === null ? lastKnown(data[lane], shown) : (data[lane][shown] ?? null));
  const titleOf = (productId: string) => products.get(productId)?.title ?? 'a product';

  return (
    <figure className={classes.strip} style={heightPx ? { height: heightPx } : undefined}>
      <div className={classes.plot}>
        <ul className={classes.labels}>
          {laneSpans().map(({ key, bottom, top }) => (
            <li
              key={key}
              className={classes.label}
              style={{ top: `${(1 - top) * 100}%`, height: `${(top - bottom) * 100}%` }}
              data-lane={key}
            >
              <span className={classes.laneName}>{STRIP_LANES.find((lane) => lane.key === key)?.label}</span>
              <span className={classes.laneValue}>{valueAt(key) === null ? '–' : countText(Math.round(valueAt(key) ?? 0))}</span>
            </li>
          ))}
        </ul>
        <LaneCanvas data={data} onHover={setHovered} summary={summaryOf(data)} />
      </div>
      <div className={classes.bandRow}>
        <span className={classes.bandName}>on display</span>
        <ul className={classes.band} style={{ height: rowCount * BAND_ROW_PX }}>
          {band.map((span, index) => (
            <li
              key={span.highlightId}
              className={classes.span}
              data-odd={index % 2 === 1}
              data-open={span.isOpen}
              style={{
                left: `${span.leftPct}%`,
                width: `calc(${span.widthPct}% - 2px)`,
                top: span.row * BAND_ROW_PX,
                height: BAND_ROW_PX - (rowCount > 1 ? 2 : 0),
              }}
              title={titleOf(span.productId)}
            >
              <span className={classes.spanText}>{titleOf(span.productId)}</span>
            </li>
          ))}
        </ul>
      </div>
      <div className={classes.axis} aria-hidden="true">
        {timeTicks(range).map((at) => {
          const leftPct = ((at - range.fromMs) / (range.toMs - range.fromMs)) * 100;
          return (
            <span key={at} style={{ left: `${leftPct}%` }} data-edge={leftPct < 4}>
              {timeText(at)}
            </span>
          );
        })}
      </div>
      <figcaption className={classes.caption}>
        {data.minutes.length === 0
          ? ''
          : hovered === null
            ? 'a minute, latest'
            : `a minute, at ${timeText((data.minutes[shown] ?? 0) * 60_000)}`}
      </figcaption>
    </figure>
  );
}

function summaryOf(data: StripData): string {
  const top = Math.round(Math.max(0, ...data.viewers.map((value) => value ?? 0)));
  const sum = (values: readonly (number | null)[]) => countText(values.reduce<number>((total, value) => total + (value ?? 0), 0));
  return `Over ${data.minutes.length} minutes: at most ${countText(top)} viewers, ${sum(data.messages)} messages, ${sum(data.adds)} adds to cart, ${sum(data.orders)} orders.`;
}

function LaneCanvas({ data, onHover, summary }: { data: StripData; onHover: (index: number | null) => void; summary: string }) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const latest = useRef(data);
  latest.current = data;
  const scheme = useComputedColorScheme('dark');

  // biome-ignore lint/correctness/useExhaustiveDependencies: the scheme changes the colours the canvas was drawn with
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const css = getComputedStyle(document.documentElement);
    const color = (name: string) => css.getPropertyValue(name).trim();
    const spans = laneSpans();
    const plot = new uPlot(
      {
        width: element.clientWidth,
        height: element.clientHeight,
        padding: [0, 0, 0, 0],
        legend: { show: false },
        cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 } },
        axes: [{ show: false }, { show: false }],
        scales: {
          x: { time: true, range: (_, min, max) => [min - 30, max + 30] },
          ...Object.fromEntries(
            spans.map(({ key, bottom, top }) => [
              key,
              { range: () => [...laneScale(latest.current[key], bottom, top)] as [number, number] },
            ]),
          ),
        },
        series: [
          {},
          ...STRIP_LANES.map(({ key }) => ({
            scale: key,
            stroke: color(`--series-${key}`),
            width: key === 'viewers' ? 2 : key === 'messages' ? 1.5 : 0,
            fill: `${color(`--series-${key}`)}${key === 'viewers' ? '26' : key === 'messages' ? '14' : 'e6'}`,
            fillTo: 0,
            points: { show: false },
            // Few and whole: orders and adds are bars, what flows is a line.
            ...(key === 'orders' || key === 'adds'
              ? { paths: uPlot.paths.bars?.({ size: [0.6, 14], align: 0 }) }
              : { paths: uPlot.paths.linear?.() }),
          })),
        ],
        hooks: {
          setCursor: [(self) => onHover(self.cursor.idx ?? null)],
          drawClear: [
            (self) => {
              const { ctx, bbox } = self;
              ctx.strokeStyle = color('--line');
              ctx.lineWidth = 1;
              for (const { bottom } of spans) {
                const y = Math.round(bbox.top + bbox.height * (1 - bottom)) + 0.5;
                ctx.beginPath();
                ctx.moveTo(bbox.left, y);
                ctx.lineTo(bbox.left + bbox.width, y);
                ctx.stroke();
              }
            },
          ],
        },
      },
      alignedData(latest.current),
      element,
    );
    chart.current = plot;
    const observer = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: element.clientHeight }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      plot.destroy();
      chart.current = null;
    };
  }, [scheme, onHover]);

  useEffect(() => {
    chart.current?.setData(alignedData(data));
  }, [data]);

  return <div ref={box} className={classes.canvas} role="img" aria-label={summary} />;
}

function alignedData(data: StripData): uPlot.AlignedData {
  // Each minute is drawn at its middle.
  const x = data.minutes.map((minute) => minute * 60 + 30);
  return [
    x,
    ...STRIP_LANES.map(({ key }) => (key === 'adds' || key === 'orders' ? data[key].map((value) => value || null) : [...data[key]])),
  ] as uPlot.AlignedData;
}

// Writes fragmented MP4 (ISO 14496-12; CMAF track files, ISO 23000-19) with one track per file.
import { type ByteWriter, createByteWriter } from '../bytes/byte-writer.ts';
import type { AacConfig } from '../flv/aac.ts';
import type { AvcConfig } from '../flv/avc.ts';
import type { BoxSample, BoxTrack, BoxWriter } from './box-writer.ts';

const TRACK_ID = 1;
/** The identity, as 16.16 and 2.30 fixed point. */
const MATRIX = [0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000];
/** 8.8.3.1: depends on nothing; or depends on others and is no sync sample. */
const SYNC_FLAGS = 0x0200_0000;
const NON_SYNC_FLAGS = 0x0101_0000;

export const fmp4Writer: BoxWriter = {
  initSection(track) {
    const out = createByteWriter(1_024);
    box(out, 'ftyp', () => {
      out.ascii('iso6');
      out.u32(1);
      for (const brand of ['iso6', 'cmfc', 'mp41']) out.ascii(brand);
    });
    box(out, 'moov', () => {
      fullBox(out, 'mvhd', 0, 0, () => {
        out.u32(0);
        out.u32(0);
        out.u32(track.timescaleTicks);
        out.u32(0);
        out.u32(0x10000);
        out.u16(0x100);
        out.bytes(new Uint8Array(10));
        for (const value of MATRIX) out.u32(value);
        out.bytes(new Uint8Array(24));
        out.u32(TRACK_ID + 1);
      });
      box(out, 'trak', () => writeTrak(out, track));
      box(out, 'mvex', () =>
        fullBox(out, 'trex', 0, 0, () => {
          for (const value of [TRACK_ID, 1, 0, 0, 0]) out.u32(value);
        }),
      );
    });
    return out.finish();
  },

  fragment({ sequenceNumber, decodeTimeTicks, samples }) {
    const payloadBytes = samples.reduce((sum, sample) => sum + sample.data.length, 0);
    const out = createByteWriter(payloadBytes + samples.length * 16 + 128);
    let dataOffsetAt = 0;
    box(out, 'moof', () => {
      fullBox(out, 'mfhd', 0, 0, () => out.u32(sequenceNumber >>> 0));
      box(out, 'traf', () => {
        // default-base-is-moof
        fullBox(out, 'tfhd', 0, 0x02_0000, () => out.u32(TRACK_ID));
        fullBox(out, 'tfdt', 1, 0, () => out.u64(decodeTimeTicks));
        // data offset, then duration, size, flags and composition offset of each sample; offsets signed (version 1)
        fullBox(out, 'trun', 1, 0x000f01, () => {
          out.u32(samples.length);
          dataOffsetAt = out.lengthBytes;
          out.u32(0);
          for (const sample of samples) writeTrunEntry(out, sample);
        });
      });
    });
    out.patchU32(dataOffsetAt, out.lengthBytes + 8);
    box(out, 'mdat', () => {
      for (const sample of samples) out.bytes(sample.data);
    });
    return out.finish();
  },
};

function writeTrunEntry(out: ByteWriter, sample: BoxSample): void {
  out.u32(sample.durationTicks);
  out.u32(sample.data.length);
  out.u32(sample.isSync ? SYNC_FLAGS : NON_SYNC_FLAGS);
  out.i32(sample.compositionOffsetTicks);
}

function writeTrak(out: ByteWriter, { config, timescaleTicks }: BoxTrack): void {
  const isVideo = config.codec === 'avc';
  fullBox(out, 'tkhd', 0, 0x000003, () => {
    out.u32(0);
    out.u32(0);
    out.u32(TRACK_ID);
    out.u32(0);
    out.u32(0);
    out.bytes(new Uint8Array(8));
    out.u16(0);
    out.u16(isVideo ? 0 : 1);
    out.u16(isVideo ? 0 : 0x100);
    out.u16(0);
    for (const value of MATRIX) out.u32(value);
    out.u32((isVideo ? config.widthPx : 0) * 0x10000);
    out.u32((isVideo ? config.heightPx : 0) * 0x10000);
  });
  box(out, 'mdia', () => {
    fullBox(out, 'mdhd', 0, 0, () => {
      out.u32(0);
      out.u32(0);
      out.u32(timescaleTicks);
      out.u32(0);
      out.u16(0x55c4); // "und"
      out.u16(0);
    });
    fullBox(out, 'hdlr', 0, 0, () => {
      out.u32(0);
      out.ascii(isVideo ? 'vide' : 'soun');
      out.bytes(new Uint8Array(12));
      out.ascii(isVideo ? 'Video\0' : 'Sound\0');
    });
    box(out, 'minf', () => {
      if (isVideo) fullBox(out, 'vmhd', 0, 1, () => out.bytes(new Uint8Array(8)));
      else fullBox(out, 'smhd', 0, 0, () => out.u32(0));
      box(out, 'dinf', () =>
        fullBox(out, 'dref', 0, 0, () => {
          out.u32(1);
          fullBox(out, 'url ', 0, 1, () => {});
        }),
      );
      box(out, 'stbl', () => {
        fullBox(out, 'stsd', 0, 0, () => {
          out.u32(1);
          if (isVideo) writeAvc1(out, config);
          else writeMp4a(out, config);
        });
        // Empty tables: the samples are in the fragments.
        for (const table of ['stts', 'stsc', 'stco']) fullBox(out, table, 0, 0, () => out.u32(0));
        fullBox(out, 'stsz', 0, 0, () => {
          out.u32(0);
          out.u32(0);
        });
      });
    });
  });
}

/** ISO 14496-15, 5.4.2. */
function writeAvc1(out: ByteWriter, config: AvcConfig): void {
  box(out, 'avc1', () => {
    out.bytes(new Uint8Array(6));
    out.u16(1);
    out.bytes(new Uint8Array(16));
    out.u16(config.widthPx);
    out.u16(config.heightPx);
    out.u32(0x480000);
    out.u32(0x480000);
    out.u32(0);
    out.u16(1);
    out.bytes(new Uint8Array(32));
    out.u16(24);
    out.u16(0xffff);
    box(out, 'avcC', () => out.bytes(config.decoderConfig));
  });
}

/** ISO 14496-14, 5.6.1; the descriptors are ISO 14496-1, 7.2.6. */
function writeMp4a(out: ByteWriter, config: AacConfig): void {
  box(out, 'mp4a', () => {
    out.bytes(new Uint8Array(6));
    out.u16(1);
    out.bytes(new Uint8Array(8));
    out.u16(config.channelCount);
    out.u16(16);
    out.u32(0);
    // 16.16; a rate beyond 16 bits (96 kHz) is written as 0, the descriptor below tells it.
    out.u32(config.sampleRateHz < 0x10000 ? config.sampleRateHz * 0x10000 : 0);
    fullBox(out, 'esds', 0, 0, () => {
      const specific = config.decoderConfig.length;
      out.u8(0x03); // ES_Descriptor
      out.u8(3 + 2 + 13 + 2 + specific + 3);
      out.u16(TRACK_ID);
      out.u8(0);
      out.u8(0x04); // DecoderConfigDescriptor: MPEG-4 audio, audio stream
      out.u8(13 + 2 + specific);
      out.u8(0x40);
      out.u8(0x15);
      out.u24(0);
      out.u32(0);
      out.u32(0);
      out.u8(0x05); // DecoderSpecificInfo
      out.u8(specific);
      out.bytes(config.decoderConfig);
      out.u8(0x06); // SLConfigDescriptor: as in MP4
      out.u8(1);
      out.u8(2);
    });
  });
}

function box(out: ByteWriter, type: string, writeBody: () => void): void {
  const startByte = out.lengthBytes;
  out.u32(0);
  out.ascii(type);
  writeBody();
  out.patchU32(startByte, out.lengthBytes - startByte);
}

function fullBox(out: ByteWriter, type: string, version: number, flags: number, writeBody: () => void): void {
  box(out, type, () => {
    out.u8(version);
    out.u24(flags);
    writeBody();
  });
}

// AMF0 (Adobe, "Action Message Format", 2007), as far as RTMP commands and metadata use it. Input comes from
// strangers: nesting, value count and lengths are capped, references are refused, keys land in objects without a
// prototype. A value that breaks a rule makes the whole message unreadable.
import { type ByteReader, createByteReader, OutOfBytes } from '../bytes/byte-reader.ts';
import { type ByteWriter, createByteWriter } from '../bytes/byte-writer.ts';
import { bytesOfText, textOfBytes } from '../bytes/text.ts';

export type AmfValue = number | boolean | string | null | undefined | AmfObject | readonly AmfValue[];
export type AmfObject = { readonly [key: string]: AmfValue };

export const AMF0_LIMITS = { depth: 8, valueCount: 1_000 } as const;

const MARKER = {
  number: 0x00,
  boolean: 0x01,
  string: 0x02,
  object: 0x03,
  null: 0x05,
  undefined: 0x06,
  ecmaArray: 0x08,
  objectEnd: 0x09,
  strictArray: 0x0a,
  date: 0x0b,
  longString: 0x0c,
  unsupported: 0x0d,
  xmlDocument: 0x0f,
  typedObject: 0x10,
} as const;

class Malformed extends Error {}

/** Reads all values of a message; null when it is malformed or beyond the limits. */
export function readAmf0(bytes: Uint8Array): AmfValue[] | null {
  const reader = createByteReader(bytes);
  const budget = { valuesLeft: AMF0_LIMITS.valueCount };
  const values: AmfValue[] = [];
  try {
    while (reader.leftBytes > 0) values.push(readValue(reader, 0, budget));
    return values;
  } catch (cause) {
    if (cause instanceof Malformed || cause instanceof OutOfBytes) return null;
    throw cause;
  }
}

function readValue(reader: ByteReader, depth: number, budget: { valuesLeft: number }): AmfValue {
  budget.valuesLeft -= 1;
  if (budget.valuesLeft < 0 || depth > AMF0_LIMITS.depth) throw new Malformed();
  switch (reader.u8()) {
    case MARKER.number:
      return reader.f64();
    case MARKER.boolean:
      return reader.u8() !== 0;
    case MARKER.string:
      return textOfBytes(reader.bytes(reader.u16()));
    case MARKER.object:
      return readProperties(reader, depth, budget);
    case MARKER.null:
      return null;
    case MARKER.undefined:
    case MARKER.unsupported:
      return undefined;
    case MARKER.ecmaArray:
      reader.u32(); // a hint only; the end marker decides
      return readProperties(reader, depth, budget);
    case MARKER.strictArray: {
      const count = reader.u32();
      if (count > budget.valuesLeft) throw new Malformed();
      const items: AmfValue[] = [];
      for (let index = 0; index < count; index += 1) items.push(readValue(reader, depth + 1, budget));
      return items;
    }
    case MARKER.date: {
      const epochMs = reader.f64();
      reader.skip(2); // time zone: reserved, should be 0
      return epochMs;
    }
    case MARKER.longString:
    case MARKER.xmlDocument:
      return textOfBytes(reader.bytes(reader.u32()));
    case MARKER.typedObject:
      reader.bytes(reader.u16());
      return readProperties(reader, depth, budget);
    default:
      throw new Malformed();
  }
}

function readProperties(reader: ByteReader, depth: number, budget: { valuesLeft: number }): AmfObject {
  const properties: Record<string, AmfValue> = Object.create(null);
  for (;;) {
    const key = textOfBytes(reader.bytes(reader.u16()));
    if (key === '') {
      if (reader.u8() !== MARKER.objectEnd) throw new Malformed();
      return properties;
    }
    properties[key] = readValue(reader, depth + 1, budget);
  }
}

/** Writes values one after the other. */
export function writeAmf0(values: readonly AmfValue[]): Uint8Array {
  const writer = createByteWriter();
  for (const value of values) writeValue(writer, value);
  return writer.finish();
}

function writeValue(writer: ByteWriter, value: AmfValue): void {
  if (typeof value === 'number') {
    writer.u8(MARKER.number);
    writer.f64(value);
  } else if (typeof value === 'boolean') {
    writer.u8(MARKER.boolean);
    writer.u8(value ? 1 : 0);
  } else if (typeof value === 'string') {
    const bytes = bytesOfText(value);
    if (bytes.length > 0xffff) {
      writer.u8(MARKER.longString);
      writer.u32(bytes.length);
    } else {
      writer.u8(MARKER.string);
      writer.u16(bytes.length);
    }
    writer.bytes(bytes);
  } else if (value === null) writer.u8(MARKER.null);
  else if (value === undefined) writer.u8(MARKER.undefined);
  else if (isList(value)) {
    writer.u8(MARKER.strictArray);
    writer.u32(value.length);
    for (const item of value) writeValue(writer, item);
  } else {
    writer.u8(MARKER.object);
    for (const [key, item] of Object.entries(value)) {
      const bytes = bytesOfText(key);
      writer.u16(bytes.length);
      writer.bytes(bytes);
      writeValue(writer, item);
    }
    writer.u16(0);
    writer.u8(MARKER.objectEnd);
  }
}

function isList(value: AmfObject | readonly AmfValue[]): value is readonly AmfValue[] {
  return Array.isArray(value);
}

/** Narrows to an object with named properties. */
export function isAmfObject(value: AmfValue): value is AmfObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

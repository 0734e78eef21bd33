// Numbers, texts and arrays as bytes, little endian, every array with its length before it. A reader refuses to run past the
// end, so cut or foreign bytes give an error and never a model that is half right.
import { InputError } from '../../input-error.ts';
import { bytesToJson, jsonToBytes } from '../group/json-bytes.ts';

export class ByteWriter {
  #bytes = new Uint8Array(1_024);
  #length = 0;

  u32(value: number): this {
    const at = this.#take(4);
    new DataView(this.#bytes.buffer).setUint32(at, value, true);
    return this;
  }

  f64(value: number): this {
    const at = this.#take(8);
    new DataView(this.#bytes.buffer).setFloat64(at, value, true);
    return this;
  }

  /** Any JSON value. */
  json(value: unknown): this {
    const bytes = jsonToBytes(value);
    this.u32(bytes.length);
    this.#bytes.set(bytes, this.#take(bytes.length));
    return this;
  }

  int32s(values: Int32Array): this {
    this.u32(values.length);
    const at = this.#take(values.length * 4);
    const view = new DataView(this.#bytes.buffer);
    for (let k = 0; k < values.length; k += 1) view.setInt32(at + 4 * k, values[k] as number, true);
    return this;
  }

  float32s(values: Float32Array): this {
    this.u32(values.length);
    const at = this.#take(values.length * 4);
    const view = new DataView(this.#bytes.buffer);
    for (let k = 0; k < values.length; k += 1) view.setFloat32(at + 4 * k, values[k] as number, true);
    return this;
  }

  toBytes(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  #take(count: number): number {
    const at = this.#length;
    this.#length += count;
    if (this.#length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(this.#length, 2 * this.#bytes.length));
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    return at;
  }
}

export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #what: string;
  #at = 0;

  /** `what` = what the bytes should be, for the error. */
  constructor(bytes: Uint8Array, what: string) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#what = what;
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  f64(): number {
    return this.#view.getFloat64(this.#take(8), true);
  }

  json(): unknown {
    const length = this.u32();
    const at = this.#take(length);
    try {
      return bytesToJson(this.#bytes.subarray(at, at + length));
    } catch (cause) {
      throw this.#foreign(cause);
    }
  }

  int32s(): Int32Array {
    const length = this.u32();
    const at = this.#take(length * 4);
    return Int32Array.from({ length }, (_, k) => this.#view.getInt32(at + 4 * k, true));
  }

  float32s(): Float32Array {
    const length = this.u32();
    const at = this.#take(length * 4);
    return Float32Array.from({ length }, (_, k) => this.#view.getFloat32(at + 4 * k, true));
  }

  /** Refuses bytes left over. */
  end(): void {
    if (this.#at !== this.#bytes.length) throw this.#foreign();
  }

  #take(count: number): number {
    const at = this.#at;
    if (at + count > this.#bytes.length) throw this.#foreign();
    this.#at += count;
    return at;
  }

  #foreign(cause?: unknown): InputError {
    const error = new InputError(`the bytes are not ${this.#what} of this version`);
    if (cause !== undefined) error.cause = cause;
    return error;
  }
}

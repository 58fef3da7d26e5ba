import { ProtoMessage } from '../protobuf/message.js';

// Field numbers and enumerations are those of onnx.proto (ONNX 1.14, IR version 8).

export const IR_VERSION = 8;
export const OPERATOR_SET = 17;

/** What a tensor of the graph is made of. */
export type ElementType = 'float32' | 'int64';

const ELEMENT_TYPES: Record<ElementType, number> = { float32: 1, int64: 7 };
const ATTRIBUTE = { float: 1, int: 2, text: 3, ints: 7, floats: 6, texts: 8 } as const;

/** A size, or the name of one that is free. */
export type Dimension = number | string;

/** An input or output of a graph. */
export interface PortInfo {
  name: string;
  type: ElementType;
  shape: Dimension[];
}

export type Attribute = number | { float: number } | string | readonly number[] | readonly string[];

/** One operation. Optional inputs and outputs that are left out are ''. */
export interface NodeInfo {
  operator: string;
  inputs: readonly string[];
  outputs: readonly string[];
  attributes?: Record<string, Attribute>;
}

export function portMessage({ name, type, shape }: PortInfo): ProtoMessage {
  const dimensions = shape.map((size) => {
    const dimension = new ProtoMessage();
    return typeof size === 'number' ? dimension.int(1, size) : dimension.text(2, size);
  });
  const tensor = new ProtoMessage().int(1, ELEMENT_TYPES[type]).message(2, new ProtoMessage().messages(1, dimensions));
  return new ProtoMessage().text(1, name).message(2, new ProtoMessage().message(1, tensor));
}

/** Constant values; `data` is used as it is in memory (little-endian machines only, as all that Node runs on). */
export function tensorMessage(
  name: string,
  shape: readonly number[],
  data: Float32Array | BigInt64Array,
): ProtoMessage {
  const type = data instanceof Float32Array ? 'float32' : 'int64';
  return new ProtoMessage()
    .ints(1, shape)
    .int(2, ELEMENT_TYPES[type])
    .text(8, name)
    .bytes(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

export function nodeMessage(name: string, { operator, inputs, outputs, attributes = {} }: NodeInfo): ProtoMessage {
  return new ProtoMessage()
    .texts(1, inputs)
    .texts(2, outputs)
    .text(3, name)
    .text(4, operator)
    .messages(
      5,
      Object.entries(attributes).map(([key, value]) => attributeMessage(key, value)),
    );
}

function attributeMessage(name: string, value: Attribute): ProtoMessage {
  const message = new ProtoMessage().text(1, name);
  if (typeof value === 'number') return message.int(3, value).int(20, ATTRIBUTE.int);
  if (typeof value === 'string') return message.text(4, value).int(20, ATTRIBUTE.text);
  if ('float' in value) return message.float(2, value.float).int(20, ATTRIBUTE.float);
  if (value.some((one) => typeof one === 'string'))
    return message.texts(9, value as readonly string[]).int(20, ATTRIBUTE.texts);
  return message.ints(8, value as readonly number[]).int(20, ATTRIBUTE.ints);
}

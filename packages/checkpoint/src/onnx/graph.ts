import { ProtoMessage } from '../protobuf/message.js';
import {
  type Attribute,
  IR_VERSION,
  nodeMessage,
  OPERATOR_SET,
  type PortInfo,
  portMessage,
  tensorMessage,
} from './messages.js';

/** An ONNX graph being built, one operation after the other. Names of values in between begin with a slash. */
export class Graph {
  readonly inputs: PortInfo[] = [];
  readonly outputs: PortInfo[] = [];
  private readonly nodes: ProtoMessage[] = [];
  private readonly constants: ProtoMessage[] = [];

  input(port: PortInfo): string {
    this.inputs.push(port);
    return port.name;
  }

  /** Gives a value out under a name of its own. */
  output(value: string, port: PortInfo): void {
    this.addTo([port.name], 'Identity', [value]);
    this.outputs.push(port);
  }

  floats(name: string, shape: readonly number[], data: Float32Array): string {
    this.constants.push(tensorMessage(name, shape, data));
    return name;
  }

  /** A list of integers: axes, a shape. */
  integers(values: readonly number[]): string {
    const name = `/constant.${this.constants.length}`;
    this.constants.push(tensorMessage(name, [values.length], BigInt64Array.from(values, BigInt)));
    return name;
  }

  /** An operation with one result. */
  add(operator: string, inputs: readonly string[], attributes?: Record<string, Attribute>): string {
    return this.addMany(operator, inputs, 1, attributes)[0];
  }

  addMany(operator: string, inputs: readonly string[], results: number, attributes?: Record<string, Attribute>) {
    const outputs = Array.from({ length: results }, (_, at) => `/${operator}.${this.nodes.length}.${at}`);
    this.addTo(outputs, operator, inputs, attributes);
    return outputs;
  }

  /** The whole model. @param properties texts that travel with it */
  toModel(producer: { name: string; version: string }, properties: Record<string, string>): ProtoMessage {
    const graph = new ProtoMessage()
      .messages(1, this.nodes)
      .text(2, 'network')
      .messages(5, this.constants)
      .messages(11, this.inputs.map(portMessage))
      .messages(12, this.outputs.map(portMessage));
    const entries = Object.entries(properties).map(([key, value]) => new ProtoMessage().text(1, key).text(2, value));
    return new ProtoMessage()
      .int(1, IR_VERSION)
      .text(2, producer.name)
      .text(3, producer.version)
      .message(7, graph)
      .message(8, new ProtoMessage().int(2, OPERATOR_SET))
      .messages(14, entries);
  }

  private addTo(
    outputs: string[],
    operator: string,
    inputs: readonly string[],
    attributes?: Record<string, Attribute>,
  ) {
    this.nodes.push(nodeMessage(`${operator}.${this.nodes.length}`, { operator, inputs, outputs, attributes }));
  }
}

import { type HeadSpec, type InputSpec, type LayerSpec, Network, returnsSequences } from '@rondo/core-native';
import { afterEach, describe, expect, it } from 'vitest';
import { onnxOfNetwork } from './export-onnx.js';
import { floats, idTensor, nextState, numbersOf, openInRuntime, type Values, zeroState } from './testing/runtime.js';

const VOCABULARY = 7;
const NEXT: HeadSpec = { kind: 'softmax', name: 'next', vocabulary: VOCABULARY };
const EMBEDDING: InputSpec = { kind: 'embedding', name: 'tokens', vocabulary: VOCABULARY, units: 3 };
const lstm = (units: number, options: object = {}): LayerSpec => ({ kind: 'lstm', units, ...options });

const [BATCH, TIME] = [3, 6];
const rows = Array.from({ length: BATCH }, (_, b) => Array.from({ length: TIME }, (_, t) => (5 * b + 3 * t * t) % 7));
const wave = Float32Array.from({ length: BATCH * TIME * 2 }, (_, at) => Math.sin(at)); // [batch][time][2]

const networks: Network[] = [];

/** A network whose every parameter is away from where it begins, so that none can be left out unseen. */
function networkOf(layers: LayerSpec[], inputs: InputSpec[] = [EMBEDDING], heads: HeadSpec[] = [NEXT]): Network {
  const network = Network.create({ inputs, layers, heads }, { seed: 5, device: 'cpu', threads: 1 });
  networks.push(network);
  const parameters = network.readParameters();
  let at = 0;
  for (const [name, { data }] of parameters) {
    const positive = name.endsWith('movingVariance');
    data.forEach((value, index) => {
      const shift = 0.3 * Math.sin((at += 1));
      data[index] = positive ? 1 + shift : value + shift;
    });
  }
  network.writeParameters(parameters);
  return network;
}

afterEach(() => {
  for (const network of networks.splice(0)) network.dispose();
});

/** [batch][time] ids as the engine takes them, time first. */
const timeMajor = (ids: readonly (readonly number[])[]) =>
  Int32Array.from({ length: ids.length * ids[0].length }, (_, at) => ids[at % ids.length][Math.floor(at / ids.length)]);

/** The engine's [time][batch][width] as [batch][time][width]. */
function batchFirst(values: Float32Array, batch: number, time: number): Float32Array {
  const width = values.length / batch / time;
  return values.map((_, at) => {
    const [row, step] = [Math.floor(at / width / time), Math.floor(at / width) % time];
    return values[(step * batch + row) * width + (at % width)];
  });
}

function expectClose(actual: Float32Array, expected: Float32Array): void {
  expect(actual.length).toBeGreaterThan(0);
  expect(actual).toHaveLength(expected.length);
  const worst = actual.reduce((most, value, at) => Math.max(most, Math.abs(value - expected[at])), 0);
  expect(worst).toBeLessThan(1e-5);
}

/** Runs a whole batch in both, from zero state, and compares the probabilities. */
async function compare(network: Network): Promise<void> {
  const waves = network.spec.inputs.some(({ kind }) => kind === 'dense');
  const inputs = { tokens: timeMajor(rows), ...(waves ? { wave: timeFirst(wave) } : {}) };
  const predicted = await network.predict({ batch: BATCH, time: TIME, inputs });
  const expected = returnsSequences(network.spec) ? batchFirst(predicted, BATCH, TIME) : predicted;
  const model = onnxOfNetwork(network);
  const session = await openInRuntime(model);
  const outputs: Values = await session.run({
    tokens: idTensor(rows),
    ...(waves ? { wave: floats([BATCH, TIME, 2], wave) } : {}),
    ...zeroState(model, BATCH),
  });
  expectClose(numbersOf(outputs['next.probabilities']), expected);
  expect([...session.inputNames].sort()).toEqual(model.inputs.map(({ name }) => name).sort());
  expect([...session.outputNames].sort()).toEqual(model.outputs.map(({ name }) => name).sort());
  await session.release();
}

/** [batch][time][2] → [time][batch][2]. */
const timeFirst = (values: Float32Array) =>
  values.map((_, at) => {
    const [step, row] = [Math.floor(at / 2 / BATCH), Math.floor(at / 2) % BATCH];
    return values[(row * TIME + step) * 2 + (at % 2)];
  });

describe('ONNX Runtime gives the probabilities of the engine, within 1e-5', () => {
  const scalar: InputSpec = { kind: 'scalar', name: 'tokens', vocabulary: VOCABULARY };
  const oneHot: InputSpec = { kind: 'oneHot', name: 'tokens', vocabulary: VOCABULARY };
  const dense: InputSpec = { kind: 'dense', name: 'wave', units: 2 };
  const last = { returnSequences: false };
  const cases: [string, LayerSpec[], InputSpec[]?][] = [
    ['embedding', [lstm(5)]],
    ['scalar', [lstm(5)], [scalar]],
    ['one-hot', [lstm(5)], [oneHot]],
    ['two inputs', [lstm(5)], [EMBEDDING, dense]],
    ['layers on layers', [lstm(5), lstm(4), lstm(3)]],
    ['the last step only', [lstm(5), lstm(4, last)]],
    ['two directions', [lstm(5, { bidirectional: true }), lstm(4)]],
    ['two directions, the last step only', [lstm(5, { bidirectional: true, ...last })]],
    ['hard sigmoid', [lstm(5, { gateActivation: 'hardSigmoid' })]],
    ['hard sigmoid in two directions', [lstm(5, { bidirectional: true, gateActivation: 'hardSigmoid' })]],
    ['batch norm and dropout', [lstm(5), { kind: 'batchNorm', epsilon: 0.01 }, { kind: 'dropout', rate: 0.5 }]],
    ...(['linear', 'relu', 'tanh', 'sigmoid', 'softmax'] as const).map((activation): [string, LayerSpec[]] => [
      `dense with ${activation}`,
      [lstm(5), { kind: 'dense', units: 4, activation }],
    ]),
    ['an activation of its own', [lstm(5), { kind: 'activation', activation: 'relu' }]],
    [
      'the tutorial’s network',
      [
        lstm(6, { recurrentDropout: 0.3 }),
        lstm(6, last),
        { kind: 'batchNorm' },
        { kind: 'dense', units: 4, activation: 'relu' },
        { kind: 'batchNorm' },
      ],
      [scalar],
    ],
  ];

  it.each(cases)('%s', async (_, layers, inputs) => compare(networkOf(layers, inputs)));

  it('a head tied to the embedding: its table is in the file once', async () => {
    const tied = networkOf([lstm(5), { kind: 'dense', units: 3 }], [EMBEDDING], [{ ...NEXT, tied: 'tokens' }]);
    await compare(tied);
    const large: InputSpec = { kind: 'embedding', name: 'tokens', vocabulary: 2000, units: 5 };
    const head: HeadSpec = { kind: 'softmax', name: 'next', vocabulary: 2000, tied: 'tokens' };
    expect(onnxOfNetwork(networkOf([lstm(5)], [large], [head])).bytes.length).toBeLessThan(1.5 * 2000 * 5 * 4);
  });

  it('every head', async () => {
    const velocity: HeadSpec = { kind: 'regression', name: 'velocity', units: 2 };
    const model = onnxOfNetwork(networkOf([lstm(5)], [EMBEDDING], [NEXT, velocity]));
    const session = await openInRuntime(model);
    const outputs: Values = await session.run({ tokens: idTensor(rows), ...zeroState(model, BATCH) });
    expect(outputs['velocity.values'].dims).toEqual([BATCH, TIME, 2]);
    expect(outputs['next.logits'].dims).toEqual([BATCH, TIME, VOCABULARY]);
    await session.release();
  });
});

describe('stepping', () => {
  it('with the state handed on gives what the engine’s stream gives, token by token', async () => {
    const network = networkOf([lstm(5), lstm(4)]);
    const model = onnxOfNetwork(network);
    const session = await openInRuntime(model);
    const stream = network.openStream();
    let state = zeroState(model, 1);
    for (const id of rows[1]) {
      const outputs: Values = await session.run({ tokens: idTensor([[id]]), ...state });
      expectClose(numbersOf(outputs['next.logits']), stream.step(Int32Array.of(id)));
      state = nextState(outputs);
    }
    stream.dispose();
    await session.release();
  });

  it('in pieces of any length gives what one run gives', async () => {
    const model = onnxOfNetwork(networkOf([lstm(5), lstm(4)]));
    const session = await openInRuntime(model);
    const whole: Values = await session.run({ tokens: idTensor(rows), ...zeroState(model, BATCH) });
    const first: Values = await session.run({
      tokens: idTensor(rows.map((row) => row.slice(0, 4))),
      ...zeroState(model, BATCH),
    });
    const second: Values = await session.run({
      tokens: idTensor(rows.map((row) => row.slice(4))),
      ...nextState(first),
    });
    const end = numbersOf(second['next.probabilities']).slice(VOCABULARY, 2 * VOCABULARY);
    expectClose(end, numbersOf(whole['next.probabilities']).slice(5 * VOCABULARY, 6 * VOCABULARY));
    await session.release();
  });
});

it('the same network gives the same bytes', () => {
  const network = networkOf([lstm(5)]);
  expect(onnxOfNetwork(network, { a: 'b' }).bytes).toEqual(onnxOfNetwork(network, { a: 'b' }).bytes);
});

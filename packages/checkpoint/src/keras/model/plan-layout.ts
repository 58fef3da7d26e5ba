import type { DenseSpec, LayerSpec, NetworkSpec } from '@rondo/core-native';
import type { KerasArchive, StoredLayer } from '../archive/archive.js';
import { KerasError, quoted, unsupported } from '../errors.js';
import { countKinds, describeStored, type StoredKind, storedKind } from './stored-kind.js';
import { ALL_KEPT, isLstm, type Kept, type Plan, type PlannedLayer } from './plan.js';
import { defaultGates } from './version.js';

/** What a file of weights only is to be read as. */
export interface Layout {
  /** How messages call it. */
  name: string;
  /** One input of kind `scalar`; the trunk's layers; a softmax head. */
  spec: NetworkSpec;
  /** Whether units are those of the spec, or whatever the file holds. */
  sizes: 'spec' | 'file';
}

type GateActivation = 'sigmoid' | 'hardSigmoid';

const lstm: LayerSpec = { kind: 'lstm', units: 1 };
const recurrent: LayerSpec = { kind: 'lstm', units: 1, recurrentDropout: 0.3 };
const dropout: LayerSpec = { kind: 'dropout', rate: 0.3 };

function tutorials(name: string, layers: LayerSpec[]): Layout {
  const inputs: NetworkSpec['inputs'] = [{ kind: 'scalar', name: 'tokens', vocabulary: 1 }];
  return { name, spec: { inputs, layers, heads: [{ kind: 'softmax', name: 'next', vocabulary: 1 }] }, sizes: 'file' };
}

/** The networks of the tutorial: with batch norms and a relu, and before that without. */
const TUTORIAL_LAYOUTS: readonly Layout[] = [
  tutorials('the tutorial', [
    ...[recurrent, recurrent, lstm, { kind: 'batchNorm' } as const, dropout],
    ...[{ kind: 'dense', units: 1, activation: 'relu' } as const, { kind: 'batchNorm' } as const, dropout],
  ]),
  tutorials('the tutorial without batch norms', [
    ...[lstm, dropout, lstm, dropout, lstm],
    ...[{ kind: 'dense', units: 1 } as const, dropout],
  ]),
];

/**
 * The plan of a file that holds weights and nothing about what is done with them.
 * @throws KerasError `RONDO_KERAS_LAYOUT`, `RONDO_KERAS_ARCHITECTURE`
 */
export function planFromLayout(archive: KerasArchive, gate?: GateActivation, like?: Layout): Plan {
  const stored = archive.layers.map((layer, index) => ({ index, layer, kind: storedKind(layer) }));
  const strange = stored.find(({ kind }) => kind === 'unknown');
  if (strange !== undefined) throw unsupported(`the file holds ${describeStored(strange.layer)}`);
  const kinds = stored.map(({ kind }) => kind);
  const layouts = like === undefined ? TUTORIAL_LAYOUTS.filter((one) => mayBe(one, kinds)) : [like];
  const layout = layouts.find((one) => fits(one, kinds, archive.ordered));
  if (layout === undefined) throw noLayout(archive, kinds, like);
  if (layout.spec.inputs.length !== 1 || layout.spec.inputs[0].kind !== 'scalar')
    throw new KerasError(
      'RONDO_KERAS_LAYOUT',
      `${layout.name} has not the one input id / vocabulary that the tutorial's networks read; give another --like.`,
    );
  const gates = gate ?? defaultGates(archive.kerasVersion);
  const planned = assign(layout, archive, stored, gate ?? (like === undefined ? gates : undefined));
  return { ...planned, notes: [assumption(layout, archive, planned.layers, gates, gate)] };
}

/** The kinds with arrays that a layout asks for, in its order, the head last. */
function kindsOf({ spec }: Layout): StoredKind[] {
  const trunk = spec.layers.map((layer): StoredKind => {
    if (isLstm(layer)) return layer.bidirectional ? 'bidirectional' : 'lstm';
    return layer.kind === 'batchNorm' || layer.kind === 'dense' ? layer.kind : 'none';
  });
  return [...trunk.filter((kind) => kind !== 'none'), 'dense'];
}

function fits(layout: Layout, kinds: readonly StoredKind[], ordered: boolean): boolean {
  const wanted = kindsOf(layout);
  const found = kinds.filter((kind) => kind !== 'none' && kind !== 'activation');
  const list = (all: readonly StoredKind[]) => (ordered ? all : [...all].sort()).join(' ');
  return list(wanted) === list(found);
}

/** Separate activation layers are listed, though they hold nothing: more of them than a layout has is another network. */
function mayBe({ spec }: Layout, kinds: readonly StoredKind[]): boolean {
  const relus = spec.layers.filter((layer) => layer.kind === 'dense' && layer.activation === 'relu').length;
  return kinds.filter((kind) => kind === 'activation').length <= relus + 1;
}

interface Place {
  index: number;
  layer: StoredLayer;
  kind: StoredKind;
}

function assign(
  layout: Layout,
  archive: KerasArchive,
  stored: readonly Place[],
  gate: GateActivation | undefined,
): Pick<Plan, 'layers' | 'head'> {
  const queues = new Map<StoredKind, Place[]>();
  for (const place of archive.ordered ? stored : [...stored].sort(byNumber))
    queues.set(place.kind, [...(queues.get(place.kind) ?? []), place]);
  const take = (kind: StoredKind) => queues.get(kind)?.shift() as Place;
  const top = layout.spec.layers.findLastIndex(isLstm);
  const layers = layout.spec.layers.map((spec, at): PlannedLayer => {
    if (isLstm(spec)) {
      const place = take(spec.bidirectional ? 'bidirectional' : 'lstm');
      const gates = gate === undefined ? {} : { gateActivation: gate };
      return planned(layout, place, { ...spec, ...gates, returnSequences: at < top });
    }
    if (spec.kind === 'batchNorm') return planned(layout, take('batchNorm'), spec);
    if (spec.kind === 'dense') return planned(layout, take('dense'), spec);
    return { spec, label: spec.kind, kept: ALL_KEPT };
  });
  const place = take('dense');
  const spec: DenseSpec = { kind: 'dense', units: outputs(place.layer) };
  return { layers, head: { spec, label: place.layer.name, kept: keptOf(place.layer), stored: place.index } };
}

function planned({ sizes }: Layout, { index, layer, kind }: Place, spec: LayerSpec): PlannedLayer {
  const label = layer.name;
  const own =
    sizes === 'spec' || !('units' in spec) ? {} : { units: kind === 'dense' ? outputs(layer) : hidden(layer) };
  return { spec: { ...spec, ...own } as LayerSpec, label, kept: keptOf(layer), stored: index };
}

function keptOf({ tensors }: StoredLayer): Kept {
  return { ...ALL_KEPT, bias: tensors.some(({ shape }) => shape.length === 1) };
}

function outputs({ tensors }: StoredLayer): number {
  return tensors[0].shape[1];
}

function hidden({ tensors }: StoredLayer): number {
  return tensors[1].shape[0];
}

/** lstm, lstm_1, …, lstm_10: by number, not by alphabet. */
function byNumber(a: Place, b: Place): number {
  const number = ({ layer }: Place) => Number(/_(\d+)$/.exec(layer.group)?.[1] ?? 0);
  return number(a) - number(b);
}

function noLayout(archive: KerasArchive, kinds: readonly StoredKind[], like?: Layout): KerasError {
  const what = like === undefined ? 'neither layout of the tutorial has' : `${like.name} does not have`;
  const wanted = like === undefined ? '' : ` (it has ${countKinds(kindsOf(like))})`;
  const message = `The file holds weights only, ${countKinds(kinds)}, which ${what}${wanted}; say what they are with --like PRESET or --like SPEC.json, or give the whole model${archive.format === 'weights.h5' ? ' (.keras)' : ''}.`;
  return new KerasError('RONDO_KERAS_LAYOUT', message);
}

function assumption(
  layout: Layout,
  archive: KerasArchive,
  layers: readonly PlannedLayer[],
  gates: GateActivation,
  given: GateActivation | undefined,
): string {
  const dense = layers.flatMap(({ spec }) => (spec.kind === 'dense' ? [spec.activation ?? 'linear'] : []));
  const version = archive.kerasVersion === undefined ? '' : ` (Keras ${archive.kerasVersion})`;
  const gate = given === undefined && layout.sizes === 'file' ? `${gates} gates${version}` : 'the gates asked for';
  return `the file holds weights only: read as ${quoted(layout.name)}, Dense ${dense.join(', ')}, ${gate}`;
}

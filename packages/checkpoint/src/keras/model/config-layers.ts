import { isRecord } from '../archive/parse-json.js';
import { quoted, unsupported } from '../errors.js';
import { LIMITS } from '../limits.js';

/** A layer as the description of a network names it. */
export interface ConfigLayer {
  className: string;
  name: string;
  config: Record<string, unknown>;
}

export interface ConfigNetwork {
  /** In the order of the description, which numbers the groups of a `.weights.h5`. */
  listed: ConfigLayer[];
  /** In the order of the data. */
  chain: ConfigLayer[];
}

const CHAINED = new Set(['Functional', 'Model']);

/**
 * The layers of a model's description, of any version of Keras.
 * @throws KerasError `RONDO_KERAS_ARCHITECTURE` where they are no chain
 */
export function readConfigLayers(description: unknown): ConfigNetwork {
  const { class_name: kind, config } = isRecord(description) ? description : {};
  if (kind === 'Sequential') {
    // Keras before 2.2.3 wrote the list itself.
    const listed = parseLayers(Array.isArray(config) ? config : isRecord(config) ? config.layers : undefined);
    return { listed, chain: listed };
  }
  if (!CHAINED.has(String(kind)) || !isRecord(config))
    throw unsupported(`it is a model of class ${quoted(kind)}, not Sequential or Functional`);
  const listed = parseLayers(config.layers);
  return { listed, chain: followChain(listed, config.layers as unknown[]) };
}

function parseLayers(value: unknown): ConfigLayer[] {
  if (!Array.isArray(value) || value.length === 0) throw unsupported('its description lists no layers');
  if (value.length > LIMITS.layers) throw unsupported(`it has ${value.length} layers (at most ${LIMITS.layers})`);
  return value.map((layer: unknown) => parseLayer(layer));
}

/** One entry of a list of layers, or the layer that a wrapper holds. */
export function parseLayer(layer: unknown): ConfigLayer {
  if (!isRecord(layer) || typeof layer.class_name !== 'string' || !isRecord(layer.config))
    throw unsupported('its description lists a layer without class or config');
  const { class_name: className, config } = layer;
  const name = [config.name, layer.name].find((text) => typeof text === 'string');
  return { className, name: name ?? className, config };
}

/** The layers from the input on, each of which feeds the next one alone. */
function followChain(listed: readonly ConfigLayer[], entries: readonly unknown[]): ConfigLayer[] {
  const names = new Set(listed.map(({ name }) => name));
  const next = new Map<string, ConfigLayer>();
  let first: ConfigLayer | undefined;
  for (const [index, layer] of listed.entries()) {
    const sources = sourcesOf(entries[index], names);
    if (sources.length > 1) throw unsupported(`the layer ${quoted(layer.name)} joins ${sources.length} others`);
    const previous = sources.length === 0 ? first : next.get(sources[0]);
    if (previous !== undefined)
      throw unsupported(`it branches: ${quoted(previous.name)} and ${quoted(layer.name)} have the same place`);
    if (sources.length === 0) first = layer;
    else next.set(sources[0], layer);
  }
  const chain: ConfigLayer[] = [];
  for (let at = first; at !== undefined && chain.length <= listed.length; at = next.get(at.name)) chain.push(at);
  if (chain.length !== listed.length) throw unsupported('its layers are no single chain');
  return chain;
}

/** Names of the layers that feed one: Keras 2 writes `[[[name, 0, 0, {}]]]`, Keras 3 `keras_history: [name, 0, 0]`. */
function sourcesOf(entry: unknown, names: ReadonlySet<string>): string[] {
  const nodes = isRecord(entry) ? entry.inbound_nodes : undefined;
  const found: string[] = [];
  const visit = (value: unknown, depth: number): void => {
    if (depth > 12 || typeof value !== 'object' || value === null) return;
    if (Array.isArray(value) && typeof value[0] === 'string' && Number.isInteger(value[1])) {
      if (names.has(value[0])) found.push(value[0]);
      return;
    }
    for (const child of Object.values(value)) visit(child, depth + 1);
  };
  visit(nodes, 0);
  return found;
}

import { FILES, loadBundle, writeSafetensors, type Bundle } from '@rondo/checkpoint';
import { exportOnnx, type PortInfo } from '@rondo/checkpoint/onnx';
import path from 'node:path';
import type { CommandContext } from '../command.js';
import { refuseBundleFile } from '../files/own-place.js';
import { writeFile } from '../files/whole-file.js';
import { UsageError } from '../terminal/exit-codes.js';
import { formatCount, formatTable } from '../terminal/format.js';
import { interruptible, stopPoint } from '../terminal/interruption.js';
import { FORMATS, type ExportOptions, type Format } from '../commands/export.js';

/** `rondo export`: a model → one file that other runtimes load. */
export async function run(
  { model, out, format = formatOf(out) }: ExportOptions,
  { output, signal }: CommandContext,
): Promise<void> {
  refuseBundleFile(out);
  const bundle = await loadBundle(model, { device: 'cpu', threads: 1 });
  try {
    const { bytes, ports } = await interruptible(signal, 'stopped: nothing was written', async () => {
      await stopPoint(signal);
      const exported = format === 'onnx' ? onnx(bundle) : safetensors(bundle);
      await stopPoint(signal);
      return exported;
    });
    writeFile(out, bytes);
    const { vocabulary } = bundle.config;
    const facts = { file: out, format, bytes: bytes.length, parameters: bundle.network.parameterCount, vocabulary };
    output.result({ ...facts, ...ports }, () => describe(facts, ports));
  } finally {
    bundle.network.dispose();
  }
}

interface Exported {
  bytes: Uint8Array;
  /** What goes in and comes out, where the format says it. */
  ports?: { inputs: PortInfo[]; outputs: PortInfo[] };
}

/** @throws UsageError where the name says no format */
function formatOf(file: string): Format {
  const ending = path.extname(file).slice(1).toLowerCase();
  const format = FORMATS.find((name) => name === ending);
  if (format !== undefined) return format;
  throw new UsageError(
    `${file} does not end in ${FORMATS.map((name) => `.${name}`).join(' or ')}; choose with --format`,
  );
}

function onnx(bundle: Bundle): Exported {
  const { bytes, inputs, outputs } = exportOnnx(bundle);
  return { bytes, ports: { inputs, outputs } };
}

/** The weights, and as texts of the header what else a bundle's folder holds. */
function safetensors({ network, config, tokenizer }: Bundle): Exported {
  const metadata = {
    format: 'rondo',
    [FILES.config]: JSON.stringify(config),
    [FILES.tokenizer]: JSON.stringify(tokenizer.toJSON()),
  };
  return { bytes: writeSafetensors(network.readParameters(), metadata) };
}

function describe(
  { file, format, bytes, parameters }: { file: string; format: Format; bytes: number; parameters: number },
  ports: Exported['ports'],
): string {
  const head = `${file}: ${format}, ${formatCount(parameters)} parameters, ${formatCount(bytes)} bytes`;
  if (ports === undefined) return head;
  const row = (side: string) => (port: PortInfo) => [side, port.name, port.type, `[${port.shape.join(', ')}]`];
  const rows = [...ports.inputs.map(row('in')), ...ports.outputs.map(row('out'))];
  return `${head}\n${formatTable(['', 'name', 'type', 'shape'], rows)}`;
}

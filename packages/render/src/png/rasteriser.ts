import { createRequire } from 'node:module';
import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { ResvgRenderOptions } from '@resvg/resvg-js';
import { RenderError } from '../errors.js';

/** One picture to rasterise. */
export interface RasterJob {
  svg: string;
  options: ResvgRenderOptions;
  /** Wanted pixels of the PNG per pixel of the SVG. */
  scale: number;
  /** A picture too large at `scale` is drawn smaller, but not below this. */
  smallestScale: number;
  /** Most pixels on the longer side. */
  largestSide: number;
}

type RasterAnswer =
  | { png: Uint8Array; pixels: number }
  /** The longer side of a picture that is too large. */
  | { side: number }
  | { failed: 'load' | 'draw'; reason: string };

/**
 * What the thread runs. It is kept as text because a thread needs a JavaScript file or text, and these sources run both
 * compiled and, in the tests, as they are.
 */
const threadSource = `
const { parentPort, workerData } = require('node:worker_threads');

function draw(Resvg, { svg, options, scale, smallestScale, largestSide }) {
  const open = (value) => new Resvg(svg, { ...options, fitTo: { mode: 'zoom', value } });
  let picture = open(scale);
  const side = Math.max(picture.width, picture.height);
  const fitting = Math.min(scale, largestSide / side);
  if (fitting < smallestScale) return { side };
  if (fitting < scale) picture = open(fitting);
  const image = picture.render();
  return { png: new Uint8Array(image.asPng()), pixels: image.width * image.height };
}

function answer(job) {
  let failed = 'load';
  try {
    const { Resvg } = require(workerData.library);
    failed = 'draw';
    return draw(Resvg, job);
  } catch (error) {
    return { failed, reason: error instanceof Error ? error.message : String(error) };
  }
}

parentPort.on('message', ({ job, port, done }) => {
  const result = answer(job);
  port.postMessage(result, result.png ? [result.png.buffer] : []);
  Atomics.store(done, 0, 1);
  Atomics.notify(done, 0);
  port.close();
});
`;

const require = createRequire(import.meta.url);
/** What may be held before it is given back: a large piano roll or some ten charts. */
const mostHeldBytes = 96e6;
const longestWait = 10 * 60_000;

let thread: Worker | undefined;
let heldBytes = 0;

/**
 * Draws one picture on a thread of its own and waits for it. The library keeps the pixels of every picture until the
 * garbage collector meets a handle of a few bytes, which may be never; what a thread holds is given back when it ends.
 * @throws RenderError RONDO_RENDER_RASTER (the rasteriser cannot be loaded, or does not answer)
 */
export function rasterise(job: RasterJob): Exclude<RasterAnswer, { failed: 'load' }> {
  thread ??= startThread();
  const { port1: here, port2: port } = new MessageChannel();
  const done = new Int32Array(new SharedArrayBuffer(4));
  thread.postMessage({ job, port, done }, [port]);
  Atomics.wait(done, 0, 0, longestWait);
  const answer = receiveMessageOnPort(here)?.message as RasterAnswer | undefined;
  here.close();
  if (answer === undefined) {
    endThread();
    throw new RenderError('RONDO_RENDER_RASTER', 'The rasteriser gave no picture in ten minutes: give a smaller one.');
  }
  if ('failed' in answer && answer.failed === 'load')
    throw new RenderError(
      'RONDO_RENDER_RASTER',
      `The rasteriser cannot be loaded (${answer.reason}): install @resvg/resvg-js for this platform.`,
    );
  if ('pixels' in answer) heldBytes += 4 * answer.pixels;
  if (heldBytes > mostHeldBytes) endThread();
  return answer;
}

function startThread(): Worker {
  const started = new Worker(threadSource, {
    eval: true,
    execArgv: [],
    workerData: { library: require.resolve('@resvg/resvg-js') },
  });
  // A waiting thread must not keep the process alive.
  started.unref();
  return started;
}

function endThread(): void {
  void thread?.terminate();
  thread = undefined;
  heldBytes = 0;
}

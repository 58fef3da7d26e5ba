/** Pictures of scores and statistics as self-contained SVG documents. Runs in Node and in browsers; files and sound: `/node`. */
export { RenderError } from './errors.js';
export { pianoRollSvg, type PianoRollOptions } from './roll/piano-roll.js';
export type { ColourBy } from './roll/notes.js';
export type { ChartOptions } from './charts/chart.js';
export { histogramSvg, type HistogramOptions } from './charts/histogram.js';
export {
  durationHistogramSvg,
  pitchHistogramSvg,
  stepHistogramSvg,
  velocityHistogramSvg,
} from './charts/note-histograms.js';
export { curveSvg, type Curve, type CurveOptions, type Level, type Point } from './charts/curves.js';
export { dotPlotSvg, type DotPlotOptions, type DotRow } from './charts/dot-plot.js';
export { corpusReportHtml, type CorpusReportOptions } from './report/corpus-report.js';
export { comparisonReportHtml, type ComparisonReport, type ReportTable } from './report/comparison-report.js';
export { lossCurveSvg, type LossCurveOptions, type LossPoint } from './charts/loss-curve.js';
export { tuningSvg, type TuningChartOptions, type TuningTrial } from './charts/tuning.js';

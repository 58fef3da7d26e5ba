export { exportOnnx, onnxOfNetwork, type OnnxModel } from './export-onnx.js';
export type { Dimension, ElementType, PortInfo } from './messages.js';

export { ProtoMessage } from './message.js';

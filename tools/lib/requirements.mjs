import { missingTools } from '../../packages/core-native/scripts/toolchain.mjs';

const oldestNode = [20, 19];

function nodeProblem() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const [wantedMajor, wantedMinor] = oldestNode;
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) return [];
  const wanted = oldestNode.join('.');
  return [`Node ${wanted} or newer is needed, this is ${process.versions.node}. Install it with: nvm install 22`];
}

/** Every missing tool as one line that ends with the command that installs it; empty when all is there. */
export function missingRequirements() {
  return [...nodeProblem(), ...missingTools()];
}

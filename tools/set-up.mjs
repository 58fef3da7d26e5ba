// Checks the tool chain and installs the packages of a fresh clone.
import { setUp } from './lib/setup.mjs';

setUp();

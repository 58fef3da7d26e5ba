import type { Grammar } from '../scheme.js';
import { DRUM_GROUP, type RemiLayout } from './layout.js';
import { RemiReader } from './reader.js';
import { Kind, type RemiToken, type RemiTokens } from './tokens.js';

/**
 * Exactly what the encoder writes: bars, then (where it changes) the meter, positions rising inside the bar, then
 * (where it changes) the tempo, then by rising program its pedal and its notes, by rising pitch. The piece begins with a
 * meter and a tempo and ends after a note or pedal. Sampling never comes to a dead end: a Bar may follow every note.
 */
export class RemiGrammar implements Grammar {
  constructor(
    private readonly layout: RemiLayout,
    private readonly names: RemiTokens,
    private readonly reader = new RemiReader(layout),
  ) {}

  allows(name: string): boolean {
    const token = this.names.parse(name);
    return token !== undefined && this.legal(token);
  }

  push(name: string): void {
    const token = this.names.parse(name);
    if (token !== undefined) this.reader.read(token);
  }

  clone(): RemiGrammar {
    return new RemiGrammar(this.layout, this.names, this.reader.clone());
  }

  stateKey(): string {
    const { phase, begun, meter, position, group, pitch, tempoBin, barStart, sounds } = this.reader;
    if (phase === 'velocity' || phase === 'pitch' || phase === 'end') return phase;
    if (phase === 'program') return group === DRUM_GROUP ? 'drums' : 'program';
    if (phase === 'start') return `start ${begun}`;
    const where = `${phase} ${group} ${position} ${meter.length} ${this.atVeryStart()}`;
    if (phase === 'note') return `${where} ${pitch}`;
    if (phase === 'pedal') return `${where} ${sounds}`;
    return `${where} ${tempoBin} ${barStart === 0} ${phase === 'bar' ? meter.denominator : 0}`;
  }

  private legal(token: RemiToken): boolean {
    const { phase, begun } = this.reader;
    switch (token.kind) {
      case Kind.Bos:
        return phase === 'start' && !begun;
      case Kind.Eos:
        return this.hasEvents() && this.reader.sounds;
      case Kind.Bar:
        return phase === 'start' || this.hasEvents() || phase === 'tempo' || (this.barIsOpen() && !this.atVeryStart());
      case Kind.TimeSig:
        return phase === 'bar' && (this.needsMeter() || !this.isCurrentMeter(token));
      case Kind.Position:
        return this.legalPosition(token.value);
      case Kind.Tempo:
        return phase === 'position' && token.value !== this.reader.tempoBin;
      case Kind.Program:
        return this.legalProgram(token.value);
      case Kind.Pedal:
        return this.legalPedal();
      case Kind.Pitch:
      case Kind.PitchDrum:
        return this.legalPitch(token);
      case Kind.Velocity:
        return phase === 'pitch';
      case Kind.Duration:
        return phase === (this.layout.config.velocityBins > 0 ? 'velocity' : 'pitch');
    }
  }

  private barIsOpen(): boolean {
    return (this.reader.phase === 'bar' && !this.needsMeter()) || this.reader.phase === 'meter';
  }

  /** The first bar must name its meter, and the first position (0) its tempo. */
  private needsMeter(): boolean {
    return this.layout.config.timeSignatures && this.reader.barStart === 0 && this.reader.phase === 'bar';
  }

  private atVeryStart(): boolean {
    return this.layout.config.tempo && this.reader.tempoBin < 0;
  }

  private isCurrentMeter(token: RemiToken): boolean {
    const { meter } = this.reader;
    return meter.numerator === token.value && meter.denominator === token.denominator;
  }

  private legalPosition(position: number): boolean {
    const { phase, meter } = this.reader;
    if (position >= meter.length || position <= this.reader.position) return false;
    if (this.atVeryStart() && position !== 0) return false;
    return this.hasEvents() || phase === 'tempo' || this.barIsOpen();
  }

  /** Whether the present position has a note or pedal. */
  private hasEvents(): boolean {
    return this.reader.phase === 'note' || this.reader.phase === 'pedal';
  }

  /** Whether notes may follow here: at a position whose tempo, if it must have one, is said. */
  private atPosition(): boolean {
    return (this.reader.phase === 'position' && !this.atVeryStart()) || this.reader.phase === 'tempo';
  }

  private legalProgram(group: number): boolean {
    if (this.atPosition()) return group !== this.reader.group;
    return this.hasEvents() && group > this.reader.group;
  }

  /** Once for each program, before its notes; drums have none. */
  private legalPedal(): boolean {
    const { phase, group } = this.reader;
    if (!this.layout.config.programs) return this.atPosition();
    return group >= 0 && group !== DRUM_GROUP && (this.atPosition() || phase === 'program');
  }

  private legalPitch(token: RemiToken): boolean {
    const { phase, group, pitch } = this.reader;
    const isDrum = token.kind === Kind.PitchDrum;
    if (!this.layout.config.programs) {
      const own = isDrum ? DRUM_GROUP : 0;
      return (
        this.atPosition() ||
        phase === 'pedal' ||
        (phase === 'note' && (own > group || (own === group && token.value > pitch)))
      );
    }
    if (group < 0 || isDrum !== (group === DRUM_GROUP)) return false;
    return this.atPosition() || phase === 'program' || phase === 'pedal' || (phase === 'note' && token.value > pitch);
  }
}

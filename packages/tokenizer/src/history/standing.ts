/** For how many frames one voice has stood on its pitch. */
export class Standing {
  private pitch: number | undefined;
  frames = 0;
  /** For how many it stood on the pitch before that one. */
  framesBefore = 0;

  push(pitch: number): void {
    if (pitch !== this.pitch) [this.pitch, this.framesBefore, this.frames] = [pitch, this.frames, 0];
    this.frames++;
  }

  clone(): Standing {
    const copy = new Standing();
    return Object.assign(copy, { pitch: this.pitch, frames: this.frames, framesBefore: this.framesBefore });
  }
}

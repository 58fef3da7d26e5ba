// Where the tokens of the bar belong in time: each gets the quarter `at`, waits also the quarter `until` which they last.

const QUARTER_MS = 500;

function remi(tokens) {
  let at = 0;
  return tokens.map((text) => {
    if (text.startsWith('Position_')) at = Number(text.slice(9)) / 12;
    return { text, at };
  });
}

function performance(tokens) {
  let at = 0;
  return tokens.map((text) => {
    if (!text.startsWith('TimeShift_')) return { text, at };
    const from = at;
    at += Number(text.slice(10)) / QUARTER_MS;
    return { text, at: from, until: at };
  });
}

function grid(tokens) {
  let at = 0;
  return tokens.map((text) => {
    const place = { text, at };
    if (text === 'Frame') at += 0.5;
    return place;
  });
}

/** Onsets stand where they are in the bar, their lengths below them. */
function chord(tokens, { onsets }) {
  let onset = -1;
  return tokens.map((text) => {
    if (!text.startsWith('Dur_')) onset += 1;
    return { text, at: onsets[onset] };
  });
}

const SCHEMES = { remi, performance, grid, chord };

/** The tokens of a scheme with their places. */
export function placed(scheme, score) {
  const onsets = [...new Set(score.tracks[0].notes.map(({ tick }) => tick / score.ticksPerQuarter))];
  return SCHEMES[scheme.name](scheme.encode(score), { onsets });
}

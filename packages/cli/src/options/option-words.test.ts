import { describe, expect, it } from 'vitest';
import { OptionWords } from './option-words.js';

function words(line: string, keys: Record<string, string> = {}): OptionWords {
  const made = new OptionWords(line.split(' '));
  made.learn(['lr', 'clip', 'best-of', 'beam', 'count', 'threads', 'out']);
  made.learnFile('settings.yaml', new Map(Object.entries(keys)));
  return made;
}

describe('what a library says of an option', () => {
  it.each([
    ['learningRate: expected a number above 0, received 0', '--lr: expected a number above 0, received 0'],
    ['clipNorm: expected a; learningRate: expected b', '--clip: expected a; --lr: expected b'],
    [
      'beam: it finds one piece; leave out `count` and bestOf',
      '--beam: it finds one piece; leave out --count and --best-of',
    ],
    ['finalShare: expected a number', 'finalShare: expected a number'],
    ['There is no preset "bestOf"', 'There is no preset "bestOf"'],
    ['`beam` and `chorus` cannot be met together', '--beam and chorus cannot be met together'],
    ['data: no such folder', 'data: no such folder'],
  ])('is said with the name on the command line: %s', (message, said) => {
    expect(words('train data').translate(message)).toBe(said);
  });

  it('is said with the key of the file that holds it', () => {
    const fromFile = words('train data --out run', { lr: 'lr', 'best-of': 'bestOf', threads: 'threads' });
    expect(fromFile.translate('learningRate: expected b')).toBe('settings.yaml: "lr": expected b');
    expect(fromFile.translate('--threads takes a number')).toBe('settings.yaml: "threads" takes a number');
    expect(fromFile.translate('--out is empty')).toBe('--out is empty');
  });

  it('is said with the option where the command line wins over the file', () => {
    expect(words('train --lr 0', { lr: 'lr' }).translate('learningRate: b')).toBe('--lr: b');
    expect(words('train --lr=0', { lr: 'lr' }).translate('learningRate: b')).toBe('--lr: b');
  });
});

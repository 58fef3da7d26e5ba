import { expect, it } from 'vitest';
import { TokenForecast } from './token-forecast.js';

it('tells the tokens of all pieces from how far each has come', () => {
  const forecast = new TokenForecast(2);
  expect(forecast.add({ variation: 0, place: 0.1 })).toEqual({ done: 1, total: 20 });
  expect(forecast.add({ variation: 1, place: 0.1 })).toEqual({ done: 2, total: 20 });
  forecast.add({ variation: 0, place: 1 });
  expect(forecast.add({ variation: 1, place: 1 })).toEqual({ done: 4, total: 4 });
});

it('is no less than what is there', () => {
  expect(new TokenForecast(1).add({ variation: 0, place: 2 })).toEqual({ done: 1, total: 1 });
});

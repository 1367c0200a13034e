import { describe, expect, it } from '@jest/globals';
import { faultKinds } from '../../../src/sample-store/faults/fault-kinds.js';
import {
  faultSpec,
  readFault,
  readFaultSpec,
} from '../../../src/sample-store/faults/read-fault.js';

describe('a fault in the spelling of the command line', () => {
  for (const [name, { example }] of Object.entries(faultKinds)) {
    it(`is read and written: ${example}`, () => {
      const fault = readFaultSpec(example);

      expect(fault.do).toBe(name);
      expect(readFaultSpec(faultSpec(fault))).toEqual(fault);
    });
  }

  it('has its numbers as numbers', () => {
    expect(readFaultSpec('slow@post,ms=7000,times=1')).toEqual({
      ...{ at: 'post', do: 'slow', ms: 7000, times: 1 },
    });
  });

  it('has commas and equals signs in a text', () => {
    expect(readFaultSpec('problem@rest,status=400,text=No, a=b, 5=5')).toMatchObject({
      text: 'No, a=b, 5=5',
    });
  });

  const refusals: Readonly<Record<string, string>> = {
    slow: '"slow" is no fault. Write it as in slow@access,ms=20000.',
    'slow@post:7000': '"slow@post:7000" is no fault. Write it as in slow@access,ms=20000.',
    'slwo@post': 'There is no fault "slwo". There are: slow, drop-before, ',
    'toString@post': '"toString@post" is no fault.',
    'slow@post': 'Fault "slow": ms: ',
    'slow@post,ms=soon': 'Fault "slow": ms: ',
    'slow@nowhere,ms=1': 'Fault "slow": at: ',
    'slow@post,ms=1,ms=2': 'Fault "slow": ms stands there twice.',
    'cut@post': 'Fault "cut": at: ',
    'cut@rest,ms=5': 'Fault "cut": it takes no ms.',
    'cut@rest,times=0': 'Fault "cut": times: ',
    'redirect@rest,location=javascript:x': 'Fault "redirect": location: must begin with http',
    'redirect@rest,location=https://a.example/,status=303': 'Fault "redirect": status: ',
  };
  for (const [spec, problem] of Object.entries(refusals)) {
    it(`is refused with a reason: ${spec}`, () => {
      expect(() => readFaultSpec(spec)).toThrow(problem);
    });
  }
});

describe('a fault as an object', () => {
  it('is read with what it may leave out left out', () => {
    const fault = { at: 'request', do: 'redirect', location: 'https://www.shop.example/' };

    expect(readFault(fault)).toEqual(fault);
    expect(Object.keys(readFault(fault))).toHaveLength(3);
  });

  for (const value of [undefined, null, 7, 'slow', {}, { at: 'post' }, { do: 7 }]) {
    it(`is refused: ${JSON.stringify(value)}`, () => {
      expect(() => readFault(value)).toThrow('A fault is an object with "at" and "do".');
    });
  }

  it('is refused with a name from the depths of JavaScript', () => {
    expect(() => readFault({ at: 'post', do: 'constructor' })).toThrow('There is no fault');
  });
});

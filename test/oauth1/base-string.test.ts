import { describe, expect, it } from '@jest/globals';
import { baseString, normalizedParameters } from '../../src/oauth1/base-string.js';
import { baseStringUri } from '../../src/oauth1/base-string-uri.js';
import { formParameters, type Parameter } from '../../src/oauth1/form-parameters.js';

describe('the examples of RFC 5849', () => {
  const oauth: Parameter[] = [
    ['oauth_consumer_key', '9djdj82h48djs9d2'],
    ['oauth_token', 'kkk9d7dh3k39sjv7'],
    ['oauth_signature_method', 'HMAC-SHA1'],
    ['oauth_timestamp', '137131201'],
    ['oauth_nonce', '7d8f3e4a'],
  ];

  it('1.2: the request for a temporary credential', () => {
    const text = baseString('POST', 'https://photos.example.net/initiate', [
      ['oauth_consumer_key', 'dpf43f3p2l4k3l03'],
      ['oauth_signature_method', 'HMAC-SHA1'],
      ['oauth_timestamp', '137131200'],
      ['oauth_nonce', 'wIjqoxSLeRFI'],
      ['oauth_callback', 'http://printer.example.com/ready'],
    ]);

    expect(text).toBe(
      'POST&https%3A%2F%2Fphotos.example.net%2Finitiate&oauth_callback%3Dhttp%253A%252F%252Fprinter.example.com%252Fready%26oauth_consumer_key%3Ddpf43f3p2l4k3l03%26oauth_nonce%3DwIjqoxSLeRFI%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D137131200',
    );
  });

  it('3.1 and 3.4.1.1: query, form body, duplicates and escapes', () => {
    const url = 'http://example.com/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b';
    const query = formParameters('b5=%3D%253D&a3=a&c%40=&a2=r%20b');
    const body = formParameters('c2&a3=2+q');

    const text = baseString('post', url, [...query, ...body, ...oauth]);

    expect(text).toBe(
      'POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D%26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7',
    );
  });

  it('3.4.1.2: scheme, host and port', () => {
    expect(baseStringUri('HTTP://EXAMPLE.COM:80/r%20v/X?id=123')).toBe(
      'http://example.com/r%20v/X',
    );
    expect(baseStringUri('https://www.example.net:8080/?q=1')).toBe(
      'https://www.example.net:8080/',
    );
  });

  it('3.4.1.3.1: decoded parameters', () => {
    expect(formParameters('b5=%3D%253D&a3=a&c%40=&a2=r%20b&c2&a3=2+q')).toEqual([
      ['b5', '=%3D'],
      ['a3', 'a'],
      ['c@', ''],
      ['a2', 'r b'],
      ['c2', ''],
      ['a3', '2 q'],
    ]);
  });

  it('3.4.1.3.2: encoded, sorted and joined', () => {
    const parameters: Parameter[] = [
      ...oauth,
      ...formParameters('b5=%3D%253D&a3=a&c%40=&a2=r%20b&c2&a3=2+q'),
    ];

    expect(normalizedParameters(parameters)).toBe(
      'a2=r%20b&a3=2%20q&a3=a&b5=%3D%253D&c%40=&c2=&oauth_consumer_key=9djdj82h48djs9d2&oauth_nonce=7d8f3e4a&oauth_signature_method=HMAC-SHA1&oauth_timestamp=137131201&oauth_token=kkk9d7dh3k39sjv7',
    );
  });
});

describe('baseStringUri', () => {
  it('keeps a port that is not the default of its scheme', () => {
    expect(baseStringUri('http://shop.example:443/a')).toBe('http://shop.example:443/a');
  });

  it('gives an address without a path the path /', () => {
    expect(baseStringUri('https://shop.example?a=1')).toBe('https://shop.example/');
  });

  it('takes only absolute addresses', () => {
    expect(() => baseStringUri('/rest/V1')).toThrow(TypeError);
  });
});

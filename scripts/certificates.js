/**
 * `node scripts/certificates.js`: makes the sample store's certificates anew, with the openssl command. They stand in
 * the repository, so nobody needs to run this. The authority's own key is thrown away: nobody can sign more with it.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const target = path.resolve(import.meta.dirname, '../src/sample-store/faults/certificates');
const folder = mkdtempSync(path.join(tmpdir(), 'certificates-'));
const ownNames = 'DNS:localhost,IP:127.0.0.1,IP:::1';
const [longAgo, lastYear, far] = ['20200101000000Z', '20210101000000Z', '20991231235959Z'];

/** @param {string[]} args */
function openssl(...args) {
  const { status, stderr } = spawnSync('openssl', args, { cwd: folder, encoding: 'utf8' });
  if (status !== 0) throw new Error(`openssl ${args[0]}: ${stderr}`);
}

/** @param {string} name */
function key(name) {
  openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', `${name}.key`);
}

/**
 * @param {string} name
 * @param {{ issuer: string, subject: string, names?: string, until?: string, key?: string }} options
 */
function certificate(name, { issuer, subject, names, until = far, key: keyName = 'key' }) {
  const isAuthority = names === undefined;
  writeFileSync(
    path.join(folder, 'extensions.cnf'),
    isAuthority
      ? `basicConstraints=critical,CA:true,pathlen:0
keyUsage=critical,keyCertSign
subjectKeyIdentifier=hash
nameConstraints=critical,permitted;DNS:localhost,permitted;IP:127.0.0.0/255.0.0.0,permitted;IP:::1/ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff
`
      : `basicConstraints=critical,CA:false
keyUsage=critical,digitalSignature
extendedKeyUsage=serverAuth
subjectAltName=${names}
`,
  );
  openssl(
    'req',
    '-new',
    '-key',
    `${keyName}.key`,
    '-subj',
    `/CN=${subject}`,
    '-out',
    'request.csr',
  );
  const signer = issuer === 'self' ? ['-selfsign'] : ['-cert', path.join(folder, `${issuer}.pem`)];
  openssl(
    ...['ca', '-batch', '-notext', '-config', 'ca.cnf', '-in', 'request.csr', '-rand_serial'],
    ...['-startdate', longAgo, '-enddate', until, '-extfile', 'extensions.cnf', ...signer],
    ...['-keyfile', `${issuer === 'self' ? keyName : issuer}.key`, '-out', `${name}.pem`],
  );
}

writeFileSync(
  path.join(folder, 'ca.cnf'),
  `[ca]
default_ca = it
[it]
database = index.txt
serial = serial
new_certs_dir = .
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
`,
);
writeFileSync(path.join(folder, 'index.txt'), '');
for (const name of ['authority', 'unknown', 'key']) key(name);
certificate('authority', {
  issuer: 'self',
  subject: 'Sample store test authority',
  key: 'authority',
});
certificate('unknown', { issuer: 'self', subject: 'Another test authority', key: 'unknown' });
certificate('good', { issuer: 'authority', subject: 'localhost', names: ownNames });
certificate('expired', {
  issuer: 'authority',
  subject: 'localhost',
  names: ownNames,
  until: lastYear,
});
certificate('wrong-host', {
  ...{ issuer: 'authority', subject: 'elsewhere.localhost', names: 'DNS:elsewhere.localhost' },
});
certificate('unknown-authority', { issuer: 'unknown', subject: 'localhost', names: ownNames });
certificate('self-signed', { issuer: 'self', subject: 'localhost', names: ownNames });

const kept = ['authority', 'good', 'expired', 'wrong-host', 'unknown-authority', 'self-signed'];
for (const name of kept) cpSync(path.join(folder, `${name}.pem`), path.join(target, `${name}.pem`));
cpSync(path.join(folder, 'key.key'), path.join(target, 'key.pem'));
rmSync(folder, { recursive: true });

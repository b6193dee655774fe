"""A public-key infrastructure made with the program openssl: authorities, signers of every kind, and what their
revocation lists, OCSP and timestamp authorities answer over HTTP."""

import datetime
import http.server
import os
import subprocess
import threading

NOW = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
DAY = datetime.timedelta(days=1)
DATABASE = """[ca]
default_ca = here
[here]
database = {at}/index.txt
serial = {at}/serial
crlnumber = {at}/crlnumber
new_certs_dir = {at}
certificate = {at}/ca.crt
private_key = {at}/ca.key
default_md = sha256
default_crl_days = 30
unique_subject = no
policy = any
copy_extensions = none
crl_extensions = crl
[any]
countryName = optional
organizationName = optional
commonName = supplied
[crl]
authorityKeyIdentifier = keyid:always
"""
TSA = """[tsa]
default_tsa = here
[here]
serial = {at}/tsa-serial
default_policy = 1.3.6.1.4.1.99999.2.1
digests = sha1, sha256, sha384, sha512
signer_digest = sha256
ess_cert_id_alg = sha256
ess_cert_id_chain = no
accuracy = secs:1
tsa_name = no
"""
KEYS = {
    "rsa1024": "-algorithm RSA -pkeyopt rsa_keygen_bits:1024",
    "rsa2048": "-algorithm RSA -pkeyopt rsa_keygen_bits:2048",
    "rsa3072": "-algorithm RSA -pkeyopt rsa_keygen_bits:3072",
    "p256": "-algorithm EC -pkeyopt ec_paramgen_curve:P-256",
    "p384": "-algorithm EC -pkeyopt ec_paramgen_curve:P-384",
}
SIGNER = {
    "basicConstraints": "critical,CA:FALSE",
    "keyUsage": "critical,digitalSignature,nonRepudiation",
    "subjectKeyIdentifier": "hash",
    "authorityKeyIdentifier": "keyid:always",
}
AUTHORITY = dict(SIGNER, basicConstraints="critical,CA:TRUE", keyUsage="critical,keyCertSign,cRLSign")
STAMPER = dict(SIGNER, extendedKeyUsage="critical,timeStamping")
RESPONDER = dict(SIGNER, extendedKeyUsage="OCSPSigning", noCheck="ignored")


def openssl(*words, data=None, code=0):
    """Runs openssl; its standard output."""
    done = subprocess.run(["openssl", *map(str, words)], input=data, capture_output=True, timeout=60)
    if code is not None and done.returncode != code:
        raise RuntimeError(f"openssl {' '.join(map(str, words))}: exit {done.returncode}\n{done.stderr.decode()}")
    return done.stdout


def utc(time):
    return time.strftime("%Y%m%d%H%M%SZ")


class Credential:
    """A key and its certificate: `key`, `certificate` and `chain` (without the root) are PEM files; `pem` is all in one."""

    def __init__(self, pki, name, key, issuer=None):
        self.pki, self.name, self.key, self.issuer = pki, name, key, issuer
        self.certificate = pki / f"{name}.crt"
        self.chain = pki / f"{name}.chain"
        self.pem = pki / f"{name}.pem"

    def finish(self):
        above, one = [], self.issuer
        while one is not None and one.issuer is not None:
            above.append(read(one.certificate))
            one = one.issuer
        write(self.chain, b"".join(above))
        write(self.pem, read(self.key) + read(self.certificate) + b"".join(above))
        return self

    def der(self):
        return openssl("x509", "-in", self.certificate, "-outform", "DER")


def read(path):
    with open(path, "rb") as file:
        return file.read()


def write(path, data):
    with open(path, "wb") as file:
        file.write(data)
    return path


class Pki:
    def __init__(self, directory):
        self.directory = directory
        os.makedirs(directory, exist_ok=True)
        self.files, self.answers, self.lock = {}, {}, threading.Lock()
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self.handler())
        self.url = "http://127.0.0.1:%d" % self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.keys = {}

    def __truediv__(self, name):
        return os.path.join(self.directory, name)

    def handler(pki):
        class Handler(http.server.BaseHTTPRequestHandler):
            def answer(self, data, kind):
                self.send_response(200 if data is not None else 404)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(data or b"")))
                self.end_headers()
                self.wfile.write(data or b"")

            def do_GET(self):
                self.answer(pki.files.get(self.path), "application/pkix-crl")

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.path.startswith("/tsa/"):
                    self.answer(pki.stamp(body, self.path[5:]), "application/timestamp-reply")
                else:
                    self.answer(pki.answers.get(self.path), "application/ocsp-response")

            def log_message(self, *_):
                pass

        return Handler

    def key(self, kind, name="signer"):
        path = self / f"{name}-{kind}.key"
        if path not in self.keys:
            openssl("genpkey", *KEYS[kind].split(), "-out", path)
            self.keys[path] = True
        return path

    def authority(self, name, issuer=None, kind="rsa2048", extensions=AUTHORITY, **dates):
        """A certification authority with a list at /NAME.crl; without an issuer it is a root."""
        place = self / name
        os.makedirs(place, exist_ok=True)
        for file, text in (("index.txt", ""), ("serial", "1000"), ("crlnumber", "01"), ("index.txt.attr", "")):
            write(f"{place}/{file}", text.encode())
        write(f"{place}/ca.cnf", DATABASE.format(at=place).encode())
        key = self.key(kind, name)
        if issuer is None:
            made = Credential(self, name, key)
            openssl(
                "req",
                "-x509",
                "-new",
                "-key",
                key,
                "-subj",
                self.subject(name),
                "-days",
                "7300",
                "-out",
                made.certificate,
                "-config",
                write(self / "root.cnf", b"[req]\ndistinguished_name=dn\n[dn]\n"),
                "-addext",
                "basicConstraints=critical,CA:TRUE",
                "-addext",
                "keyUsage=critical,keyCertSign,cRLSign",
                "-addext",
                "subjectKeyIdentifier=hash",
            )
            made.finish()
        else:
            made = self.issue(name, issuer, key=key, extensions=extensions, **dates)
        write(f"{place}/ca.crt", read(made.certificate))
        write(f"{place}/ca.key", read(key))
        self.publish(made)
        return made

    def subject(self, name):
        return f"/C=VN/O=So Gia dinh/CN={name}"

    def issue(
        self,
        name,
        issuer,
        kind="rsa2048",
        key=None,
        extensions=SIGNER,
        start=NOW - DAY,
        end=NOW + 700 * DAY,
        ocsp=None,
        **more,
    ):
        """Extensions as openssl's configuration writes them. Revocation: the issuer's list, or OCSP at /ocsp/NAME."""
        key = key or self.key(kind)
        wanted = dict(extensions, **more)
        if ocsp:
            wanted["authorityInfoAccess"] = f"OCSP;URI:{self.url}/ocsp/{name}"
        elif "noCheck" not in wanted:
            wanted["crlDistributionPoints"] = f"URI:{self.url}/{issuer.name}.crl"
        made = Credential(self, name, key, issuer)
        request, extras = self / f"{name}.csr", self / f"{name}.ext"
        openssl("req", "-new", "-key", key, "-subj", self.subject(name), "-out", request, "-config", self / "root.cnf")
        write(
            extras, ("".join(f"{k} = {v}\n" for k, v in wanted.items()) + "[other_names]\nO = Co quan khac\n").encode()
        )
        openssl(
            "ca",
            "-batch",
            "-notext",
            "-config",
            self / issuer.name + "/ca.cnf",
            "-in",
            request,
            "-out",
            made.certificate,
            "-extfile",
            extras,
            "-startdate",
            utc(start),
            "-enddate",
            utc(end),
        )
        return made.finish()

    def revoke(self, credential, at):
        """As if the authority had revoked it then."""
        index = self / credential.issuer.name + "/index.txt"
        serial = openssl("x509", "-in", credential.certificate, "-noout", "-serial").decode().strip().split("=")[1]
        lines = []
        for line in read(index).decode().splitlines():
            parts = line.split("\t")
            if parts[3] == serial:
                parts[0], parts[2] = "R", at.strftime("%y%m%d%H%M%SZ")
            lines.append("\t".join(parts))
        write(index, ("\n".join(lines) + "\n").encode())
        self.publish(credential.issuer)

    def crl(self, authority, at=None, until=None):
        """Its list, PEM; from now for thirty days, or as of another time."""
        when = [] if at is None else ["-crl_lastupdate", utc(at), "-crl_nextupdate", utc(until)]
        return openssl("ca", "-gencrl", "-config", self / authority.name + "/ca.cnf", *when)

    def publish(self, authority):
        pem = self.crl(authority)
        write(self / f"{authority.name}.crl", pem)
        self.files[f"/{authority.name}.crl"] = openssl("crl", "-outform", "DER", data=pem)

    def stamp(self, query, tsa):
        """A TimeStampResp by the certificate of that name."""
        with self.lock:
            signer = Credential(self, tsa, None)
            config = self / "tsa.cnf"
            if not os.path.exists(config):
                write(config, TSA.format(at=self.directory).encode())
                write(self / "tsa-serial", b"01")
            query_file = write(self / "query.tsq", query)
            return openssl(
                "ts",
                "-reply",
                "-config",
                config,
                "-queryfile",
                query_file,
                "-signer",
                signer.certificate,
                "-inkey",
                self.key("rsa2048", "tsa"),
                "-chain",
                signer.chain,
            )

    def answer(self, name, certificate, issuer, signer, revoked=False, known=True):
        """Makes what OCSP says of a certificate, signed by `signer`, the answer at /ocsp/NAME; DER."""
        serial = openssl("x509", "-in", certificate.certificate, "-noout", "-serial").decode().strip().split("=")[1]
        line = "R\t400101000000Z\t%s\t%s\tunknown\t/CN=x\n" if revoked else "V\t400101000000Z\t%s\t%s\tunknown\t/CN=x\n"
        at = (NOW - DAY).strftime("%y%m%d%H%M%SZ") if revoked else ""
        index = write(self / "ocsp-index.txt", (line % (at, serial)).encode() if known else b"")
        request, response = self / "one.ocq", self / f"{name}.ocr"
        openssl(
            "ocsp", "-issuer", issuer.certificate, "-cert", certificate.certificate, "-no_nonce", "-reqout", request
        )
        openssl(
            "ocsp",
            "-index",
            index,
            "-CA",
            issuer.certificate,
            "-rsigner",
            signer.certificate,
            "-rkey",
            signer.key,
            "-reqin",
            request,
            "-respout",
            response,
            "-ndays",
            "7",
        )
        self.answers[f"/ocsp/{name}"] = read(response)
        return response

    def close(self):
        self.server.shutdown()
        self.server.server_close()

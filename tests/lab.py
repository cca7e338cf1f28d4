# SPDX-License-Identifier: Apache-2.0
"""A daemon that other hosts reach over TLS, and the authority that signed its certificate."""

from __future__ import annotations

import contextlib
import datetime
import ipaddress
import socket
import ssl
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from cli import TINYHIL
from farm import Farm, farm_in

NOW = datetime.datetime.now(datetime.timezone.utc)


class Authority:
    """Signs certificates, and its own."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "authority")])
        self.certificate = self._signed(self.name, self.key.public_key(), is_authority=True)

    def _signed(
        self, name: x509.Name, key: ec.EllipticCurvePublicKey, *, is_authority: bool
    ) -> x509.Certificate:
        names = [x509.IPAddress(ipaddress.ip_address("127.0.0.1")), x509.DNSName("localhost")]
        builder = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self.name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(NOW - datetime.timedelta(days=1))
            .not_valid_after(NOW + datetime.timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False
            )
        )
        if is_authority:
            usage = x509.KeyUsage(
                key_cert_sign=True,
                crl_sign=True,
                digital_signature=True,
                content_commitment=False,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                encipher_only=False,
                decipher_only=False,
            )
            builder = builder.add_extension(usage, critical=True)
        else:
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        return builder.sign(self.key, hashes.SHA256())

    def write(self, folder: Path) -> Path:
        """server.pem and server.key; returns the file of the authority."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "server")])
        signed = self._signed(name, key.public_key(), is_authority=False)
        pem = serialization.Encoding.PEM
        (folder / "server.pem").write_bytes(signed.public_bytes(pem))
        plain = serialization.NoEncryption()
        private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
        (folder / "server.key").write_bytes(private)
        (folder / "server.key").chmod(0o600)
        (folder / "authority.pem").write_bytes(self.certificate.public_bytes(pem))
        return folder / "authority.pem"


@dataclass
class Lab:
    """A daemon over TLS, and the token of `ci`, who may lease boards with kind=host."""

    farm: Farm
    port: int
    authority: Path
    token: str

    @property
    def address(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    def context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.authority))

    def be_elsewhere(self) -> None:
        """From now on `farm.call` is as on another machine."""
        locks = self.farm.folder / "elsewhere"
        locks.mkdir()
        self.farm.environment |= {
            "TINYHIL_DAEMON": self.address,
            "TINYHIL_TOKEN": self.token,
            "TINYHIL_CA": str(self.authority),
            "TINYHIL_LOCKS": str(locks),
        }


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port


def new_token(file: Path, *words: str) -> str:
    command = [str(TINYHIL), "token", *words, "--file", str(file)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


@contextlib.contextmanager
def lab_in(folder: Path, *options: str) -> Iterator[Lab]:
    authority, port = Authority().write(folder), free_port()
    token = new_token(folder / "tokens", "ci", "--boards", "kind=host")
    tls = ["--tls-certificate", str(folder / "server.pem"), "--tls-key", str(folder / "server.key")]
    listen = ["--listen", f"0.0.0.0:{port}", "--tokens", str(folder / "tokens")]
    with farm_in(folder, ["b1"], *listen, *tls, *options) as farm:
        assert farm.becomes("b1", "free")
        yield Lab(farm, port, authority, token)

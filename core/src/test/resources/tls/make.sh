#!/bin/sh
# Makes the files of this directory with OpenSSL 3, to prove that its own output can be read.
# The keys are for tests alone. Run it in an empty directory: ./make.sh
set -eu
umask 022
PASSWORD=pass:correct-horse
UMLAUT=pass:schlüssel
subject() { printf '/CN=%s' "$1"; }
certificate() { # key, file, name
    openssl req -x509 -new -key "$1" -out "$2" -subj "$(subject "$3")" -days 36500 \
        -addext "subjectAltName=DNS:$3.example,DNS:*.$3.example" \
        -addext "extendedKeyUsage=serverAuth"
}

# Plain keys, in each form.
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out rsa-pkcs8.pem
openssl rsa -in rsa-pkcs8.pem -traditional -out rsa-pkcs1.pem
openssl pkcs8 -topk8 -nocrypt -in rsa-pkcs8.pem -outform DER -out rsa-pkcs8.der
openssl rsa -in rsa-pkcs8.pem -traditional -outform DER -out rsa-pkcs1.der
openssl rsa -in rsa-pkcs8.pem -pubout -out rsa-public.pem
openssl genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 -out pss-pkcs8.pem
openssl genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 \
    -pkeyopt rsa_pss_keygen_md:sha384 -pkeyopt rsa_pss_keygen_mgf1_md:sha384 \
    -pkeyopt rsa_pss_keygen_saltlen:48 -out pss384-pkcs8.pem
openssl ecparam -name prime256v1 -genkey -out ec-parameters-sec1.pem
openssl ec -in ec-parameters-sec1.pem -out ec-sec1.pem
openssl pkcs8 -topk8 -nocrypt -in ec-sec1.pem -out ec-pkcs8.pem
openssl ec -in ec-sec1.pem -outform DER -out ec-sec1.der
openssl ec -in ec-sec1.pem -param_enc explicit -out ec-explicit-sec1.pem
openssl ecparam -name secp256k1 -genkey -noout -out ec-other-curve.pem
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 -out ec384-pkcs8.pem
openssl genpkey -algorithm ED25519 -out ed25519-pkcs8.pem
openssl genpkey -algorithm ED448 -out ed448-pkcs8.pem
openssl genpkey -genparam -algorithm DSA -pkeyopt dsa_paramgen_bits:2048 -out dsa.tmp
openssl genpkey -paramfile dsa.tmp -out dsa-pkcs8.pem
openssl genpkey -algorithm X25519 -out x25519-pkcs8.pem

# Certificates.
certificate rsa-pkcs8.pem rsa.crt rsa
certificate pss-pkcs8.pem pss.crt pss
certificate pss384-pkcs8.pem pss384.crt pss384
certificate ec-sec1.pem ec.crt ec
certificate ec384-pkcs8.pem ec384.crt ec384
certificate ed25519-pkcs8.pem ed25519.crt ed25519
certificate ed448-pkcs8.pem ed448.crt ed448
openssl x509 -in rsa.crt -outform DER -out rsa.cer
openssl x509 -in rsa.crt -text -out rsa-text.crt
openssl x509 -in rsa.crt -trustout -out rsa-trusted.crt
openssl crl2pkcs7 -nocrl -certfile rsa.crt -out rsa.p7b
openssl crl2pkcs7 -nocrl -certfile rsa.crt -outform DER -out rsa-der.p7b
openssl req -new -key rsa-pkcs8.pem -subj "$(subject rsa)" -out rsa.csr

# Encrypted PKCS#8.
pkcs8() { openssl pkcs8 -topk8 -in "$1" -out "$2" -passout "$PASSWORD" $3; }
pkcs8 rsa-pkcs8.pem rsa-pbes2-aes256.pem "-v2 aes-256-cbc"
pkcs8 rsa-pkcs8.pem rsa-pbes2-aes192-sha512.pem "-v2 aes-192-cbc -v2prf hmacWithSHA512"
pkcs8 ec-sec1.pem ec-pbes2-aes128-sha1.pem "-v2 aes-128-cbc -v2prf hmacWithSHA1"
pkcs8 ec-sec1.pem ec-pbes2-des3.pem "-v2 des3"
pkcs8 ec-sec1.pem ec-scrypt.pem "-scrypt"
pkcs8 ec-sec1.pem ec-camellia.pem "-v2 camellia-256-cbc"
pkcs8 ec-sec1.pem ec-pbe-sha1-3des.pem "-v1 PBE-SHA1-3DES"
pkcs8 ec-sec1.pem ec-pbe-md5-des.pem "-v1 PBE-MD5-DES -provider legacy -provider default"
openssl pkcs8 -topk8 -in ec-sec1.pem -outform DER -out ec-pbes2.der -passout "$PASSWORD"
openssl pkcs8 -topk8 -in ec-sec1.pem -out ec-pbes2-umlaut.pem -passout "$UMLAUT"

# Encrypted as OpenSSL did before.
for cipher in aes128 aes192 aes256 des3; do
    openssl rsa -in rsa-pkcs8.pem -traditional "-$cipher" -out "rsa-traditional-$cipher.pem" \
        -passout "$PASSWORD"
done
openssl ec -in ec-sec1.pem -aes256 -out ec-traditional-aes256.pem -passout "$PASSWORD"
openssl rsa -in rsa-pkcs8.pem -traditional -camellia128 -out rsa-traditional-camellia.pem \
    -passout "$PASSWORD"

# Key stores.
openssl pkcs12 -export -in rsa.crt -inkey rsa-pkcs8.pem -name server -out rsa.p12 \
    -passout "$PASSWORD"
openssl pkcs12 -export -in rsa.crt -inkey rsa-pkcs8.pem -out rsa-legacy.p12 -legacy \
    -passout "$PASSWORD"
openssl pkcs12 -export -in ec.crt -inkey ec-sec1.pem -out ec-no-password.p12 -passout pass:
openssl pkcs12 -export -in ec.crt -nokeys -out ec-no-key.p12 -passout "$PASSWORD"
openssl pkcs12 -in rsa.p12 -passin "$PASSWORD" -noenc -out rsa-bag-attributes.pem

# A key of OpenSSH's own form.
ssh-keygen -q -t ed25519 -N '' -C test -f openssh.pem
rm -f openssh.pem.pub ./*.tmp

// Known answers for digests. SHA: the examples of FIPS 180-4 (NIST's collection, and of nothing by OpenSSL). HMAC: RFC 4231. PBKDF2: RFC 7914, section 11; two more
// by CPython's hashlib. All bytes as hexadecimal digits.

export const SHA256_VECTORS = [
	{
		bytes: "",
		digest: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
	},
	{
		bytes: "616263",
		digest: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
	},
	{
		bytes:
			"6162636462636465636465666465666765666768666768696768696a68696a6b696a6b6c6a6b6c6d6b6c6d6e6c6d6e6f6d6e6f706e6f7071",
		digest: "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
	},
] as const;

/** Of nothing, of "abc", of the standard's message of two blocks and of a million of "a". */
export const DIGEST_VECTORS = [
	{
		name: "SHA1",
		long: "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		digests: [
			"da39a3ee5e6b4b0d3255bfef95601890afd80709",
			"a9993e364706816aba3e25717850c26c9cd0d89d",
			"84983e441c3bd26ebaae4aa1f95129e5e54670f1",
			"34aa973cd4c4daa4f61eeb2bdbad27316534016f",
		],
	},
	{
		name: "SHA256",
		long: "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		digests: [
			"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
			"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
			"248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
			"cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
		],
	},
	{
		name: "SHA384",
		long: "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
		digests: [
			"38b060a751ac96384cd9327eb1b1e36a21fdb71114be07434c0cc7bf63f6e1da274edebfe76f65fbd51ad2f14898b95b",
			"cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7",
			"09330c33f71147e83d192fc782cd1b4753111b173b3b05d22fa08086e3b0f712fcc7c71a557e2db966c3e9fa91746039",
			"9d0e1809716474cb086e834e310a4a1ced149e9c00f248527972cec5704c2a5b07b8b3dc38ecc4ebae97ddd87f3d8985",
		],
	},
	{
		name: "SHA512",
		long: "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
		digests: [
			"cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e",
			"ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
			"8e959b75dae313da8cf4f72814fc143f8f7779c6eb9f7fa17299aeadb6889018501d289e4900f7e4331b99dec4b5433ac7d329eeb6dd26545e96e55b874be909",
			"e718483d0ce769644e2e42c7bc15b4638e1f98b13b2044285632a803afa973ebde0ff244877ea60a4cb0432ce577c31beb009c5c2c49aa2e4eadb217ad8cc09b",
		],
	},
] as const;

export const HMAC_VECTORS = [
	{
		name: "RFC 4231 case 1",
		key: "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b",
		bytes: "4869205468657265",
		mac: "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
	},
	{
		name: "RFC 4231 case 2",
		key: "4a656665",
		bytes: "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
		mac: "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
	},
	{
		name: "RFC 4231 case 3",
		key: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		bytes:
			"dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd",
		mac: "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
	},
	{
		name: "RFC 4231 case 6",
		key: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		bytes:
			"54657374205573696e67204c6172676572205468616e20426c6f636b2d53697a65204b6579202d2048617368204b6579204669727374",
		mac: "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
	},
	{
		name: "RFC 4231 case 7",
		key: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		bytes:
			"5468697320697320612074657374207573696e672061206c6172676572207468616e20626c6f636b2d73697a65206b657920616e642061206c6172676572207468616e20626c6f636b2d73697a6520646174612e20546865206b6579206e6565647320746f20626520686173686564206265666f7265206265696e6720757365642062792074686520484d414320616c676f726974686d2e",
		mac: "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
	},
] as const;

export const PBKDF2_VECTORS = [
	{
		name: "RFC 7914 section 11, 1",
		password: "706173737764",
		salt: "73616c74",
		iterations: 1,
		key: "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783",
	},
	{
		name: "RFC 7914 section 11, 2",
		password: "50617373776f7264",
		salt: "4e61436c",
		iterations: 80000,
		key: "4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56a1d425a1225833549adb841b51c9b3176a272bdebba1d078478f62b397f33c8d",
	},
	{
		name: "CPython hashlib: a part of a block, and a long password",
		password:
			"6c6f6e672070617373776f7264206c6f6e672070617373776f7264206c6f6e672070617373776f7264206c6f6e672070617373776f7264206c6f6e672070617373776f7264206c6f6e672070617373776f7264206c6f6e672070617373776f7264206c6f6e672070617373776f7264206c6f6e672070617373776f726420",
		salt: "00ff00ff00ff00ff00ff00ff00ff00ff",
		iterations: 1000,
		key: "9c9209c6b721e42e8975ddd5817fc4869be2058b09f6f6c766655c16ec4415fb15",
	},
	{
		name: "CPython hashlib: 16 bytes, as for a key",
		password: "636f727265637420686f727365",
		salt: "30313233343536373839616263646566",
		iterations: 10000,
		key: "4c8da0aedbd5d475b99f3dab058e2d72",
	},
] as const;

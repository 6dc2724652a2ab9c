// Signatures by ECDSA on P-256 with SHA-256, bytes as hexadecimal digits. The first two: RFC 6979, A.2.5. The next five were
// made once by node:crypto (OpenSSL 3). The last two were calculated from chosen numbers, and OpenSSL takes them.

export interface SignatureVector {
	readonly name: string;
	readonly publicKey: string;
	readonly message: string;
	readonly signature: string;
}

export const SIGNATURE_VECTORS: readonly SignatureVector[] = [
	{
		name: "RFC 6979, A.2.5, sample",
		publicKey:
			"0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb67903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299",
		message: "sample",
		signature:
			"efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8",
	},
	{
		name: "RFC 6979, A.2.5, test",
		publicKey:
			"0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb67903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299",
		message: "test",
		signature:
			"f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083",
	},
	{
		name: "no message",
		publicKey:
			"0417c1d3192b6f1c44f942f82c4303c96a30bde4d25e27743b2dda39d88e7235200ccd2e4a96e5d97775b0ce9051bafab5279867d789cc59395d6cf50211f177f7",
		message: "",
		signature:
			"2b036dd373fc320e60fffdb680dcff466c4d7a0406a62ebb912c863916bbc5837042a2a9e3c49bb575c8c7ae94d3075364a6da99ff0475a0f762c1131335169c",
	},
	{
		name: "a short message",
		publicKey:
			"0417c1d3192b6f1c44f942f82c4303c96a30bde4d25e27743b2dda39d88e7235200ccd2e4a96e5d97775b0ce9051bafab5279867d789cc59395d6cf50211f177f7",
		message: "Meterling",
		signature:
			"f6ab9a98f1c28aabade2661472de1993b89aa7875855f1dd5c3880f733115cfe1161ca7093d255b7e05d355ff4b60ac6192dc357193bb9794b9b81b35d298173",
	},
	{
		name: "8 KB",
		publicKey:
			"0417c1d3192b6f1c44f942f82c4303c96a30bde4d25e27743b2dda39d88e7235200ccd2e4a96e5d97775b0ce9051bafab5279867d789cc59395d6cf50211f177f7",
		message: "a".repeat(8192),
		signature:
			"26b796a192f4db23a6ff79e8c13ef3d76b51aa22bb4921156a1360abda019ae36889fbe5e0b0847151491caede295433424ffb219392bbc012bd76b66814fb46",
	},
	{
		name: "the key of the secret 1, which is the curve's own point",
		publicKey:
			"046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5",
		message: "Meterling",
		signature:
			"ea75affbbb802acef1ae3b51e4579f55e1629411035fd96e2a94d4427801b5f0026931808dda07679fbe0968045cff798b1819626d739048671f84bfc1393070",
	},
	{
		name: "the key of the secret n - 1, which is that point's mirror image",
		publicKey:
			"046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296b01cbd1c01e58065711814b583f061e9d431cca994cea1313449bf97c840ae0a",
		message: "Meterling",
		signature:
			"78135b78e425113e2b524619b3b23c5614006ab298fb908264e3ec4642018149935641bce546d8c4bd76d94517312ff9101cf53c113ab55ea479fdae57d359cc",
	},
	{
		name: "s is 1",
		publicKey:
			"04b2ac4cc49fc52d1515e483209d09b81e7bfefe0c1f56791e4faae0e641fcd55dd963014d5552a2921f02d183663450b61fb7bd29e1237b8ba5797e4b46884f21",
		message: "Meterling",
		signature:
			"7640617e32ab1669d633b7c1edb758002f6966a33e0bd13f6556b739204d21290000000000000000000000000000000000000000000000000000000000000001",
	},
	{
		name: "the point's x is n + 3, so that r is 3",
		publicKey:
			"0455453d9c17620d4ce6b5e88786a93fab94f731bf0c9022f74eca2b75a1d1ab0666a79188a20d31de519a41823436c666e89ede89bcd8532908c44d00a5e2443d",
		message: "Meterling",
		signature:
			"00000000000000000000000000000000000000000000000000000000000000030000000000000000000000000000000000000000000000000000000000000007",
	},
];

/** Its sum is the point at infinity, which has no x: calculated from a chosen key, refused by OpenSSL. */
export const SIGNATURE_OF_INFINITY: SignatureVector = {
	name: "the sum is the point at infinity",
	publicKey:
		"04f6947d60e8a8150fb515999d609e6b212e11aba22d5c884c432cfe4321714b8b344d504f1a829838ac56d8bc7e51677ea64e256e3f529b4477fee18fab3f8545",
	message: "Meterling",
	signature:
		"00000000000000000000000000000000000000000000000000000000000000050000000000000000000000000000000000000000000000000000000000000009",
};

/**
 * Its key is not on the curve, and chosen so that the sum of it and the curve's point has the digest as x: as r and s are the
 * digest, too, arithmetic alone would take it.
 */
export const SIGNATURE_OFF_CURVE: SignatureVector = {
	name: "a key off the curve for which the sum would be right",
	publicKey:
		"04000000000000000000000000000000000000000000000000000000000000000123b310d0940846eb2181d55187a60f04756667a6f628b6016835c6ad0883585b",
	message: "Meterling",
	signature:
		"6c44e2adabaaea06613b28f4af24e1c4fad3c77c208da3cdb59f016d91016b0c6c44e2adabaaea06613b28f4af24e1c4fad3c77c208da3cdb59f016d91016b0c",
};

/** Sums of points that are exceptions: C2SP/wycheproof, testvectors_v1/ecdsa_secp256r1_sha256_p1363_test.json, by their tcId. */
export const WYCHEPROOF: readonly (SignatureVector & { readonly isValid: boolean })[] = [
	{
		name: "Wycheproof 60, edge case for Shamir multiplication",
		publicKey:
			"042927b10512bae3eddcfe467828128bad2903269919f7086069c8c4df6c732838c7787964eaac00e5921fb1498a60f4606766b3d9685001558d1a974e7341513e",
		message: "69819",
		signature:
			"64a1aab5000d0e804f3e2fc02bdee9be8ff312334e2ba16d11547c97711c898e6af015971cc30be6d1a206d4e013e0997772a2f91d73286ffd683b9bb2cf4f1b",
		isValid: true,
	},
	{
		name: "Wycheproof 169, point at infinity during verify",
		publicKey:
			"04b533d4695dd5b8c5e07757e55e6e516f7e2c88fa0239e23f60e8ec07dd70f2871b134ee58cc583278456863f33c3a85d881f7d4a39850143e29d4eaf009afe47",
		message: "123400",
		signature:
			"7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8555555550000000055555555555555553ef7a8e48d07df81a693439654210c70",
		isValid: false,
	},
	{
		name: "Wycheproof 204, point duplication during verification",
		publicKey:
			"045b812fd521aafa69835a849cce6fbdeb6983b442d2444fe70e134c027fc46963838a40f2a36092e9004e92d8d940cf5638550ce672ce8b8d4e15eba5499249e9",
		message: "123400",
		signature:
			"6f2347cab7dd76858fe0555ac3bc99048c4aacafdfb6bcbe05ea6c42c4934569bb726660235793aa9957a61e76e00c2c435109cf9a15dd624d53f4301047856b",
		isValid: true,
	},
	{
		name: "Wycheproof 205, duplication bug",
		publicKey:
			"045b812fd521aafa69835a849cce6fbdeb6983b442d2444fe70e134c027fc469637c75bf0c5c9f6d17ffb16d2726bf30a9c7aaf31a8d317472b1ea145ab66db616",
		message: "123400",
		signature:
			"6f2347cab7dd76858fe0555ac3bc99048c4aacafdfb6bcbe05ea6c42c4934569bb726660235793aa9957a61e76e00c2c435109cf9a15dd624d53f4301047856b",
		isValid: false,
	},
	{
		name: "Wycheproof 208, comparison with point at infinity",
		publicKey:
			"04dd86d3b5f4a13e8511083b78002081c53ff467f11ebd98a51a633db76665d25045d5c8200c89f2fa10d849349226d21d8dfaed6ff8d5cb3e1b7e17474ebc18f7",
		message: "123400",
		signature:
			"555555550000000055555555555555553ef7a8e48d07df81a693439654210c703333333300000000333333333333333325c7cbbc549e52e763f1f55a327a3aa9",
		isValid: false,
	},
	{
		name: "Wycheproof 221, public key shares x-coordinate with generator",
		publicKey:
			"046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5",
		message: "123400",
		signature:
			"bb5a52f42f9c9261ed4361f59422a1e30036e7c32b270c8807a419feca605023249249246db6db6ddb6db6db6db6db6dad4591868595a8ee6bf5f864ff7be0c2",
		isValid: false,
	},
];

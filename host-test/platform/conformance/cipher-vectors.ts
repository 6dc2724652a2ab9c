// Known answers for AES-128-GCM. All bytes as hexadecimal digits, tags of 16 bytes.

const PLAIN =
	"d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255";
const SEALED =
	"42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091473f5985";
const SIXTY_BYTES = 120;

/** McGrew and Viega, "The Galois/Counter Mode of Operation", appendix B: the cases with AES-128 and a nonce of 96 bits. */
export const GCM_VECTORS = [
	{
		name: "case 1",
		key: "00000000000000000000000000000000",
		nonce: "000000000000000000000000",
		aad: "",
		plain: "",
		sealed: "",
		tag: "58e2fccefa7e3061367f1d57a4e7455a",
	},
	{
		name: "case 2",
		key: "00000000000000000000000000000000",
		nonce: "000000000000000000000000",
		aad: "",
		plain: "00000000000000000000000000000000",
		sealed: "0388dace60b6a392f328c2b971b2fe78",
		tag: "ab6e47d42cec13bdf53a67b21257bddf",
	},
	{
		name: "case 3",
		key: "feffe9928665731c6d6a8f9467308308",
		nonce: "cafebabefacedbaddecaf888",
		aad: "",
		plain: PLAIN,
		sealed: SEALED,
		tag: "4d5c2af327cd64a62cf35abd2ba6fab4",
	},
	{
		name: "case 4",
		key: "feffe9928665731c6d6a8f9467308308",
		nonce: "cafebabefacedbaddecaf888",
		aad: "feedfacedeadbeeffeedfacedeadbeefabaddad2",
		plain: PLAIN.slice(0, SIXTY_BYTES),
		sealed: SEALED.slice(0, SIXTY_BYTES),
		tag: "5bc94fbc3221a5db94fae95ae7121a47",
	},
] as const;

/**
 * By OpenSSL: the first n bytes of `plain` with the first 40 - n of `aad` give the first n of `sealed` and the n-th of `tags`,
 * so that all sizes around the borders of blocks are met on both sides.
 */
export const GCM_LENGTHS = {
	key: "000102030405060708090a0b0c0d0e0f",
	nonce: "101112131415161718191a1b",
	plain: "01080f161d242b323940474e555c636a71787f868d949ba2a9b0b7bec5ccd3dae1e8eff6fd040b12",
	aad: "fffcf9f6f3f0edeae7e4e1dedbd8d5d2cfccc9c6c3c0bdbab7b4b1aeaba8a5a29f9c999693908d8a",
	sealed: "c5260cb9126b9ddd2e9d1abb927b88544bc40b01bb60f01d2c7b9eafa2c9c2773331cec97ca2f00e",
	tags: [
		"2c3a49befcf6f1e0a33f7e632efaa4c7",
		"0486d5c32c2abc44da4c59851af3148e",
		"a0c213a08ffd9f929ef6f5e17bc0ec0b",
		"70688c6627d3cdc06d5ae434fc450246",
		"79e6b599a27220190bc17d1334620e3c",
		"6e84edc920659d6df1f79d4afd0520e7",
		"d98aa7ff5f7bcd8607e2fd53adc7d7d2",
		"78948129316994fec43eb7f0e04c1827",
		"67d2dda4f998f6daff2b8f6586a141fc",
		"5ff66d65208881861e5b341eda919c6b",
		"3b9d8c654b12ee39022c20af59524f2e",
		"961ec96eb9e4a19b4725ae27e1cfe8f2",
		"302f42010b7572e018fd0d1f95a82a8d",
		"75be5088d01a237cb76fcce250520312",
		"7be1495519afe65521f0561110545440",
		"012962c9c556b96409b9029dcc2b5c07",
		"df9437b33d492d8d2ea86b3c97f8cf95",
		"bb4a87c0e2d574a1d43ac38d81325de8",
		"c58f11ffe3cebf83992a48eaa895a41e",
		"12cb66a7be637a0e6a162a6f4f2b058b",
		"f8eacdd6147c93629cb892027af52500",
		"e8a576fc9d0a97863c1ca6dfee53897d",
		"8e397df83d307768672ca953e33a2d7d",
		"061e9f0fe80e5eddf828d1c9fd1d80b6",
		"1d1a7582b82b5086fad25097d146a672",
		"fa38af543ca17c17b4372536a2880f1e",
		"c5dafbe4436d93f6cb41d4f9fd18b550",
		"61b625fbd9aaf2b5210ac1a766f2af70",
		"dc88f7de6b83b5a68bc8e6b926529c59",
		"3db9b9a2d987a707b83e4150d5016b39",
		"832cb78a9c9c3b2589f35baae706c9c4",
		"47826fd6ab312416265193d3b59af8d2",
		"ce51ba3cc6fe27b8650a4b584d948153",
		"77472731d08eff4f82a7a7c903aeac2a",
		"6d0814e4d2b21e22cd214dfa171a5889",
		"c0408db40a612d4dfad188f7fd898eef",
		"74bfd82e714866c1d9dac7ed1b4baaa6",
		"d203136b9c9e8a15dc4d8a347c4698e0",
		"3c53391f67102a528c5e887fdbda569b",
		"d4b724ad3958779e5d79ee4f2f51be3f",
		"bf0250f7b9a83c0ec4bf24261dd132c6",
	],
} as const;

// The place that the address bar names, followed.

import { useEffect, useState } from "preact/hooks";
import { type Place, placeOf } from "./route.js";

export function usePlace(): Place {
	const [place, setPlace] = useState(() => placeOf(location.hash));
	useEffect(() => {
		const listen = () => setPlace(placeOf(location.hash));
		addEventListener("hashchange", listen);
		return () => removeEventListener("hashchange", listen);
	}, []);
	return place;
}

/** A drawn meter face: the gallery needs a picture, not a photograph. */
export const METER_PHOTO = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 56"><rect width="64" height="56" fill="#cfc7b6"/><circle cx="32" cy="30" r="30" fill="#efe9da"/>' +
    '<rect x="6" y="14" width="52" height="14" rx="2" fill="#161616"/><text x="9" y="25" font-size="11" font-family="monospace" fill="#fff">00831</text>' +
    '<text x="42" y="25" font-size="10" font-family="monospace" fill="#ff8f88">742</text><circle cx="32" cy="42" r="7" fill="none" stroke="#555"/></svg>',
)}`;

/** Why a photo or a code could not be taken, where the phone is, and how much space it has. */
export const capture = {
  photo_not_an_image: "This file is not a photo. Take a photo, or choose another file.",
  photo_too_large: "This photo is over 60 megapixels or 40 MB. Take it again with the camera's usual setting.",
  photo_decode_failed: "The photo file can't be opened. The reading itself is safe. Take the photo again, or send without it.",
  photo_no_memory: "The phone has too little memory free for this photo. Close other apps and take it again.",
  photo_not_here: "This part of the app is not on the phone yet. Go where there is network once, then take the photo again. Readings can be saved.",
  photo_preparing: { one: "Preparing {n} photo", other: "Preparing {n} photos" },

  scan_no_camera: "This phone has no camera that can be used. Type the serial number.",
  scan_refused: "The camera is not allowed for this app. Allow it in the browser's settings, or take a photo of the code.",
  scan_in_use: "Another app uses the camera. Close it and try again.",
  scan_unsupported: "Codes can't be scanned live here. Take a photo of the code, or type the serial number.",
  scan_unreadable: "The picture can't be opened. Take it again.",
  scan_nothing_found: "No code found in the picture. Go closer, or type the serial number.",

  position_searching: "Looking for position",
  position_found: "± {n} m",
  position_weak: "± {n} m, wide",
  position_denied: "Position not allowed",
  position_unavailable: "No position",
  position_off: "No position here",
  position_retry: "Look for the position again",

  space_few: { one: "Space for about {n} more photo. Readings always fit.", other: "Space for about {n} more photos. Readings always fit." },
  space_none: "No space for more photos. Readings always fit. Send what waits, or free space on the phone.",
} as const;

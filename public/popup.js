// The first thing on every page in Magento's popup: from here on no page in this window can send Magento's own window
// elsewhere. Magento keeps its hold on this one, sees where it goes, and closes it in the end.
window.opener = null;

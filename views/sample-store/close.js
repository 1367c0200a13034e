/** All that Magento's loginSuccessCallback page does. The second is for the admin page to see where the window is. */
setTimeout(() => {
  window.close();
}, 1000);

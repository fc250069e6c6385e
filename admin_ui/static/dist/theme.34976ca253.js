(()=>{try{let t=localStorage.getItem("muster.theme");(t==="light"||t==="dark")&&(document.documentElement.dataset.theme=t)}catch{}})();

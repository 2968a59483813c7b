/* Shows the product of the odds factors of all ticked statistics, and updates the product after each change. */
const product = document.querySelector("[data-product]");
if (product) {
  const boxes = [...document.querySelectorAll("[name=statistics]")];
  const written = new Intl.NumberFormat(document.documentElement.lang, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const tell = () => {
    const factors = boxes.filter((box) => box.checked).map((box) => document.getElementById(`factor-${box.value}`).value);
    product.textContent = written.format(factors.reduce((all, one) => all * one, 1));
  };
  for (const box of boxes) box.addEventListener("change", tell);
  document.querySelector("[data-without-script]").hidden = true;
  tell();
}
